using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Graph;

namespace Sscma.Quantization;

/// <summary>The ranges in a detector's ONNX file that quantization-aware training has learnt (<see cref="OnnxMetadata.Ranges"/>).</summary>
public static class LearntRanges
{
    /// <summary>Writes ranges into a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ranges">Lowest and highest real of each value, by its name.</param>
    public static void Write(OnnxModel model, IReadOnlyDictionary<string, (float Low, float High)> ranges) =>
        model.Metadata[OnnxMetadata.Ranges] = JsonSerializer.Serialize(
            ranges.OrderBy(range => range.Key, StringComparer.Ordinal).ToDictionary(range => range.Key, range => new[] { range.Value.Low, range.Value.High }));

    /// <summary>The ranges of a model; null if it carries none.</summary>
    /// <exception cref="DiagnosticException">SSCMA3013: what it carries is no table of ranges.</exception>
    internal static IReadOnlyDictionary<string, ValueRange>? Read(OnnxModel model)
    {
        if (!model.Metadata.TryGetValue(OnnxMetadata.Ranges, out var json))
            return null;
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, float[]>>(json)!.ToDictionary(range => range.Key, range => RangeOf(range.Key, range.Value));
        }
        catch (JsonException problem)
        {
            throw new DiagnosticException(Diagnostic.Error(
                Codes.LearntRangesBroken, $"the ONNX file's metadata '{OnnxMetadata.Ranges}' is no JSON object of ranges [low, high]: {problem.Message}"), problem);
        }
    }

    private static ValueRange RangeOf(string name, float[] ends) => ends is [var low, var high] && float.IsFinite(low) && float.IsFinite(high) && low <= high
        ? new ValueRange(low, high)
        : throw new DiagnosticException(
            Codes.LearntRangesBroken, $"the ONNX file's metadata '{OnnxMetadata.Ranges}' gives '{name}' the range [{string.Join(", ", ends)}], expected two finite numbers, the lower first");
}
