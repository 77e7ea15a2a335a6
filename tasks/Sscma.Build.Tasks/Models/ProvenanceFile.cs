using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Serialization.Json;
using System.Xml;
using System.Xml.Linq;

namespace Sscma.Build.Tasks.Models;

/// <summary>What a check needs of model.provenance.json: the files that it describes, and the commit.</summary>
internal sealed class ProvenanceFile
{
    /// <summary>Its name in a model's work folder.</summary>
    public const string Name = "model.provenance.json";

    private ProvenanceFile(IReadOnlyDictionary<string, string> subjects, string? commit) => (Subjects, Commit) = (subjects, commit);

    /// <summary>Files by their name relative to the work folder, with their SHA-256.</summary>
    public IReadOnlyDictionary<string, string> Subjects { get; }

    /// <summary>The commit of the sources, or null.</summary>
    public string? Commit { get; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">It is no such statement.</exception>
    public static ProvenanceFile Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var reader = JsonReaderWriterFactory.CreateJsonReader(stream, XmlDictionaryReaderQuotas.Max);
            // As XML: <root><subject><item><name/><digest><sha256/></digest></item>…</subject><predicate><buildDefinition><resolvedDependencies>…
            var root = XElement.Load(reader);
            var subjects = Items(root.Element("subject")).ToDictionary(
                item => (string?)item.Element("name") ?? throw new FormatException("a subject has no name."),
                item => (string?)item.Element("digest")?.Element("sha256") ?? throw new FormatException("a subject has no SHA-256."),
                StringComparer.Ordinal);
            if (subjects.Count == 0)
                throw new FormatException("it describes no file.");
            var commit = Items(root.Element("predicate")?.Element("buildDefinition")?.Element("resolvedDependencies"))
                .Select(item => (string?)item.Element("digest")?.Element("gitCommit"))
                .FirstOrDefault(name => name is not null);
            return new ProvenanceFile(subjects, commit);
        }
        catch (Exception broken) when (broken is XmlException or ArgumentException)
        {
            throw new FormatException(broken.Message, broken);
        }
    }

    private static IEnumerable<XElement> Items(XElement? list) => list?.Elements("item") ?? [];
}
