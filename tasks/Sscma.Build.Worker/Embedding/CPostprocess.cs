using System.Text;
using Sscma.Diagnostics;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Build.Worker.Embedding;

/// <summary>
/// The C++ header that decodes a model's outputs: the code is postprocess.h.in, the same for every model; the constants are this model's.
/// </summary>
internal static class CPostprocess
{
    /// <summary>The text.</summary>
    public static string Text(ProvenModel model) => Template()
        .Replace("@constants@", Constants(model), StringComparison.Ordinal)
        .Replace("@model@", model.Name, StringComparison.Ordinal)
        .Replace("@sha256@", model.Sha256, StringComparison.Ordinal)
        .Replace("@symbol@", CText.Symbol(model.Name), StringComparison.Ordinal)
        .Replace("@MACRO@", CText.Macro(model.Name), StringComparison.Ordinal);

    private static string Constants(ProvenModel model)
    {
        var layout = DetectorLayout.Of(model.Model);
        var (code, lowest, highest) = CodesOf(layout.Output(0).Type, model.Name);
        var cells = layout.Levels.Sum(level => level.Side * level.Side);
        var levels = layout.Levels.Select(level => $"    {{{level.Stride}, {level.Side}, {Output(layout, level.Scores)}, {Output(layout, level.Boxes)}}},\n");
        return $$"""
            using Code = std::{{code}};
            inline constexpr int kLowestCode = {{CText.Number(lowest)}};
            inline constexpr int kHighestCode = {{CText.Number(highest)}};

            inline constexpr int kImageSize = {{CText.Number(layout.ImageSize)}};
            inline constexpr int kOutputs = {{CText.Number(model.Model.Outputs.Length)}};
            inline constexpr int kScoreChannels = {{CText.Number(layout.Levels[0].Classes)}};
            inline constexpr int kLabels = {{CText.Number(model.Facts.Labels.Count)}};  // A channel without a label never wins.
            inline constexpr int kCells = {{CText.Number(cells)}};
            inline constexpr std::size_t kAllCandidates = {{CText.Number((long)cells * model.Facts.Labels.Count)}};  // Room for every class of every cell.
            inline constexpr float kPointOffset = {{CText.Float(model.Facts.PointOffset)}};
            inline constexpr float kScoreThreshold = 0.25f;
            inline constexpr float kIouThreshold = 0.45f;

            inline constexpr Level kLevel[] = {
            {{string.Concat(levels)}}};
            """.ReplaceLineEndings("\n");
    }

    private static (string Type, int Lowest, int Highest) CodesOf(TensorType type, string name) => type switch
    {
        TensorType.Int8 => ("int8_t", sbyte.MinValue, sbyte.MaxValue),
        TensorType.UInt8 => ("uint8_t", byte.MinValue, byte.MaxValue),
        TensorType.Int16 => ("int16_t", short.MinValue, short.MaxValue),
        _ => throw new DiagnosticException(
            Codes.NoPostprocess, $"the outputs of the model '{name}' are {type}; EmbedAs=\"C\" takes models whose outputs are codes of 8 or 16 bits. Use an integer precision, or EmbedAs=\"None\"."),
    };

    private static string Output(DetectorLayout layout, int index)
    {
        var quantization = layout.Output(index).Quantization!;
        return $"{CText.Number(index)}, {CText.Float(quantization.Scales[0])}, {CText.Number(quantization.ZeroPoints[0])}";
    }

    private static string Template()
    {
        using var stream = typeof(CPostprocess).Assembly.GetManifestResourceStream("postprocess.h.in")
            ?? throw new InvalidOperationException("the resource postprocess.h.in is not in the worker's assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
