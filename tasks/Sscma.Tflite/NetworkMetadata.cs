using System.Text.Json;
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

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

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
    public static NetworkMetadata? Read(TfliteModel model)
    {
        if (!model.Metadata.TryGetValue(EntryName, out var bytes))
            return null;
        try
        {
            var metadata = JsonSerializer.Deserialize<NetworkMetadata>(bytes, Json) ?? throw new JsonException("it is null");
            if (metadata.Input is null || metadata.Labels?.Contains(null!) == true)
                throw new JsonException("it holds a null");
            return Enum.IsDefined(metadata.Input.Resize) ? metadata : throw new JsonException($"input.resize is {metadata.Input.Resize}");
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
