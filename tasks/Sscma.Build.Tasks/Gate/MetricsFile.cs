using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.Serialization.Json;
using System.Xml;
using System.Xml.Linq;

namespace Sscma.Build.Tasks.Gate;

/// <summary>What the gate reads of metrics.json.</summary>
internal sealed class MetricsFile
{
    private readonly Dictionary<string, double?> _metrics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double?> _device = new(StringComparer.Ordinal);

    private MetricsFile()
    {
    }

    /// <summary>SHA-256 of the .tflite that was scored, or null.</summary>
    public string? TfliteDigest { get; private set; }

    /// <summary>Why the model was not scored at all, or null.</summary>
    public string? NotScored { get; private set; }

    /// <summary>Whether the split was also scored as a device sees it.</summary>
    public bool HasDeviceView { get; private set; }

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="split">test for the numbers of the test split; else those of the validation split.</param>
    /// <exception cref="XmlException">It is no JSON.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static MetricsFile Read(string path, string split)
    {
        using var stream = File.OpenRead(path);
        using var reader = JsonReaderWriterFactory.CreateJsonReader(stream, XmlDictionaryReaderQuotas.Max);
        // As XML: <root><tflite><sha256>…</sha256></tflite><metrics><mAP type="number">0.5</mAP>…</metrics><device><metrics>…</metrics></device><test>(the same)</test></root>
        var root = XElement.Load(reader);
        var metrics = new MetricsFile { TfliteDigest = (string?)root.Element("tflite")?.Element("sha256"), NotScored = (string?)root.Element("notScored") };
        var section = split == "test" ? root.Element("test") : root;
        Take(section, metrics._metrics);
        Take(section?.Element("device"), metrics._device);
        metrics.HasDeviceView = (string?)section?.Element("device")?.Attribute("type") == "object";
        return metrics;
    }

    /// <summary>A metric, or null when it is absent, no number, or undefined (below 0, which is how COCO writes "nothing to measure").</summary>
    public double? this[string name] => Defined(_metrics, name);

    /// <summary>The same as the device sees it. Without a device view every metric of it is null.</summary>
    public double? OfDevice(string name) => Defined(_device, name);

    private static void Take(XElement? section, Dictionary<string, double?> numbers)
    {
        foreach (var metric in section?.Element("metrics")?.Elements() ?? [])
            numbers[metric.Name.LocalName] = (string?)metric.Attribute("type") == "number" ? Number(metric.Value) : null;
    }

    private static double? Defined(Dictionary<string, double?> numbers, string name) => numbers.TryGetValue(name, out var value) && value >= 0 ? value : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value <= 1 ? value : null;
}
