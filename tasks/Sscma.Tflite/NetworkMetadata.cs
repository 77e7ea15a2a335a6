using System.Text.Json;
using System.Text.Json.Serialization;
using Sscma.Diagnostics;

namespace Sscma.Tflite;

/// <summary>
/// What a network that is no detector says about itself: it stands in the file in the place of <see cref="SscmaMetadata"/>, as the metadata entry
/// <see cref="EntryName"/>: UTF-8 JSON. What its outputs mean is not known.
/// </summary>
public sealed record NetworkMetadata
{
    /// <summary>Name of the metadata entry.</summary>
    public const string EntryName = "SSCMA-NETWORK";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Names of the classes of the ONNX file or, where it has none, of the dataset.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>What a pixel becomes before the network; how many there are is the input tensor's shape.</summary>
    public InputFacts Input { get; init; } = new();

    /// <summary>int8, int16x8, float16 or float32.</summary>
    public required string Precision { get; init; }

    /// <summary>What the file was made from; null when its maker did not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OriginFacts? Origin { get; init; }

    /// <summary>The entry of a model, or null when it has none.</summary>
    /// <exception cref="DiagnosticException">The entry is there but cannot be understood.</exception>
    public static NetworkMetadata? Read(TfliteModel model)
    {
        if (!model.Metadata.TryGetValue(EntryName, out var bytes))
            return null;
        try
        {
            var metadata = JsonSerializer.Deserialize<NetworkMetadata>(bytes, Json) ?? throw new JsonException("it is null");
            return metadata is { Labels: not null, Input: not null } ? metadata : throw new JsonException("it holds a null");
        }
        catch (JsonException problem)
        {
            throw new DiagnosticException(Diagnostic.Error(
                Codes.TfliteFileInvalid,
                $"the metadata entry '{EntryName}' of the .tflite file is not understood: {problem.Message} Export the model again."), problem);
        }
    }

    /// <summary>The bytes of the entry; the same content gives the same bytes.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>The model with this entry.</summary>
    public TfliteModel WriteTo(TfliteModel model) =>
        model with { Metadata = new Dictionary<string, byte[]>(model.Metadata) { [EntryName] = Write() } };
}
