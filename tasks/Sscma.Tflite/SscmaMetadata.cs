using System.Text.Json.Serialization;
using Sscma.Diagnostics;

namespace Sscma.Tflite;

/// <summary>What the numbers of a detector mean. It travels inside the file, as the metadata entry <see cref="EntryName"/>: UTF-8 JSON.</summary>
public sealed record SscmaMetadata
{
    /// <summary>Name of the metadata entry.</summary>
    public const string EntryName = "SSCMA";

    /// <summary>Name of each class, in the order of the score channels.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Side of the square input in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Input pixels per cell of each level, finest first.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16, 32];

    /// <summary>Where a cell's point lies for the distances as they are in the file: 0.5 (the cell's centre) after the exporter's compensation.</summary>
    public float PointOffset { get; init; } = 0.5f;

    /// <summary>Number of score channels: the labels and, when a class that never wins had to be added, one more.</summary>
    public required int Classes { get; init; }

    /// <summary>What a pixel becomes before the network.</summary>
    public InputFacts Input { get; init; } = new();

    /// <summary>What the outputs mean.</summary>
    public OutputFacts Outputs { get; init; } = new();

    /// <summary>int8, int16x8, float16 or float32; null in files of version 0.1 before the choice, which are int8.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Precision { get; init; }

    /// <summary>What the file was made from; null when its maker did not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OriginFacts? Origin { get; init; }

    /// <summary>The entry of a model, or null when it has none.</summary>
    /// <exception cref="DiagnosticException">The entry is there but cannot be understood.</exception>
    public static SscmaMetadata? Read(TfliteModel model) =>
        MetadataEntry.Read<SscmaMetadata>(model, EntryName, metadata => metadata is { Labels: not null, Strides: not null, Input: not null, Outputs: not null }, metadata => metadata.Input);

    /// <summary>The bytes of the entry; the same content gives the same bytes.</summary>
    public byte[] Write() => MetadataEntry.Write(this);

    /// <summary>The model with this entry.</summary>
    public TfliteModel WriteTo(TfliteModel model) => MetadataEntry.WriteTo(model, EntryName, Write());
}
