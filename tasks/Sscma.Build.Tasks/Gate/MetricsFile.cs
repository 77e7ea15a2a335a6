using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.Serialization.Json;
using System.Xml;

namespace Sscma.Build.Tasks.Gate;

/// <summary>What the gate reads of metrics.json.</summary>
internal sealed class MetricsFile
{
    private readonly Dictionary<string, double?> _metrics = new(StringComparer.Ordinal);

    private MetricsFile()
    {
    }

    /// <summary>SHA-256 of the .tflite that was scored, or null.</summary>
    public string? TfliteDigest { get; private set; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="XmlException">It is no JSON.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static MetricsFile Read(string path)
    {
        var metrics = new MetricsFile();
        using var stream = File.OpenRead(path);
        using var reader = JsonReaderWriterFactory.CreateJsonReader(stream, XmlDictionaryReaderQuotas.Max);
        // As XML: <root><tflite><sha256>…</sha256></tflite><metrics><mAP type="number">0.5</mAP>…</metrics></root>
        var section = "";
        reader.Read();
        while (!reader.EOF)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Depth == 1)
                section = reader.LocalName;
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != 2 || section is not ("tflite" or "metrics"))
            {
                reader.Read();
                continue;
            }

            var name = reader.LocalName;
            var isNumber = reader.GetAttribute("type") == "number";
            var value = reader.ReadElementContentAsString();
            if (section == "metrics")
                metrics._metrics[name] = isNumber ? Number(value) : null;
            else if (name == "sha256")
                metrics.TfliteDigest = value;
        }

        return metrics;
    }

    /// <summary>A metric, or null when it is absent, no number, or undefined (below 0, which is how COCO writes "nothing to measure").</summary>
    public double? this[string name] => _metrics.TryGetValue(name, out var value) && value >= 0 ? value : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value <= 1 ? value : null;
}
