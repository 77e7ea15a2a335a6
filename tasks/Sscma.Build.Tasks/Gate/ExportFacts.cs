using System;
using System.Globalization;
using System.IO;
using System.Runtime.Serialization.Json;
using System.Xml;
using System.Xml.Linq;

namespace Sscma.Build.Tasks.Gate;

/// <summary>What the gate reads of export.json.</summary>
internal sealed class ExportFacts
{
    private ExportFacts(string digest, long arena) => (TfliteDigest, ArenaBytes) = (digest, arena);

    /// <summary>SHA-256 of the .tflite that the report is about.</summary>
    public string TfliteDigest { get; }

    /// <summary>Memory to reserve for TensorFlow Lite Micro.</summary>
    public long ArenaBytes { get; }

    /// <summary>Reads the file; null and what is wrong with it.</summary>
    public static ExportFacts? Read(string path, out string? problem)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var reader = JsonReaderWriterFactory.CreateJsonReader(stream, XmlDictionaryReaderQuotas.Max);
            var root = XElement.Load(reader);
            var (digest, arena) = ((string?)root.Element("sha256"), (string?)root.Element("arena")?.Element("arenaBytes"));
            problem = digest is null || arena is null ? "the report lacks sha256 or arena.arenaBytes" : null;
            return problem is null ? new ExportFacts(digest!, long.Parse(arena!, NumberStyles.None, CultureInfo.InvariantCulture)) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or XmlException or FormatException or OverflowException)
        {
            problem = unreadable.Message.TrimEnd('.');
            return null;
        }
    }
}
