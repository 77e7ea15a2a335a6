using System.Text.Json.Serialization;
using Sscma.Diagnostics;

namespace Sscma.Tflite;

/// <summary>
/// What is known of a network that is no RTMDet detector: how its input is fed and what it was made from. It travels inside the file, as the metadata entry
/// <see cref="EntryName"/>: UTF-8 JSON. What the outputs mean is not in it, so nobody takes such a file for a detector.
/// </summary>
public sealed record NetworkMetadata
{
    /// <summary>Name of the metadata entry.</summary>
    public const string EntryName = "SSCMA_NETWORK";

    /// <summary>Names that the ONNX file gives for its classes; null when it gives none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>What a pixel becomes before the network.</summary>
    public required InputFacts Input { get; init; }

    /// <summary>int8, int16x8, float16 or float32.</summary>
    public required string Precision { get; init; }

    /// <summary>What the file was made from; null when its maker did not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OriginFacts? Origin { get; init; }

    /// <summary>Whether a model says that it is such a network.</summary>
    public static bool IsIn(TfliteModel model) => model.Metadata.ContainsKey(EntryName);

    /// <summary>The entry of a model, or null when it has none.</summary>
    /// <exception cref="DiagnosticException">The entry is there but cannot be understood.</exception>
    public static NetworkMetadata? Read(TfliteModel model) =>
        MetadataEntry.Read<NetworkMetadata>(model, EntryName, metadata => metadata.Input is not null && metadata.Labels?.Contains(null!) != true, metadata => metadata.Input);

    /// <summary>The bytes of the entry; the same content gives the same bytes.</summary>
    public byte[] Write() => MetadataEntry.Write(this);

    /// <summary>The model with this entry.</summary>
    public TfliteModel WriteTo(TfliteModel model) => MetadataEntry.WriteTo(model, EntryName, Write());
}
