using System.Text.Json;
using Sscma.Diagnostics;

namespace Sscma.Tflite;

/// <summary>A metadata entry of a .tflite file that is UTF-8 JSON.</summary>
internal static class MetadataEntry
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Reads an entry; null when the model has none of the name.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">The entry's name.</param>
    /// <param name="isWhole">Whether nothing in it is null that must not be.</param>
    /// <param name="input">What it says of the input.</param>
    /// <exception cref="DiagnosticException">SSCMA3101: the entry is there but cannot be understood.</exception>
    public static T? Read<T>(TfliteModel model, string name, Func<T, bool> isWhole, Func<T, InputFacts> input)
        where T : class
    {
        if (!model.Metadata.TryGetValue(name, out var bytes))
            return null;
        try
        {
            var metadata = JsonSerializer.Deserialize<T>(bytes, Json) ?? throw new JsonException("it is null");
            if (!isWhole(metadata))
                throw new JsonException("it holds a null");
            var resize = input(metadata).Resize;
            return Enum.IsDefined(resize) ? metadata : throw new JsonException($"input.resize is {resize}");
        }
        catch (JsonException problem)
        {
            throw new DiagnosticException(Diagnostic.Error(
                Codes.TfliteFileInvalid,
                $"the metadata entry '{name}' of the .tflite file is not understood: {problem.Message} Export the model again."), problem);
        }
    }

    /// <summary>The bytes of an entry; the same content gives the same bytes.</summary>
    public static byte[] Write<T>(T metadata) => JsonSerializer.SerializeToUtf8Bytes(metadata, Json);

    /// <summary>The model with an entry.</summary>
    public static TfliteModel WriteTo(TfliteModel model, string name, byte[] entry) =>
        model with { Metadata = new Dictionary<string, byte[]>(model.Metadata) { [name] = entry } };
}
