using System.Text;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Build.Worker.Embedding;

/// <summary>
/// The C++ header that decodes a model's outputs: the code is postprocess.h.in, the same for every model; the constants are this model's.
/// </summary>
internal static class CPostprocess
{
    /// <summary>The text.</summary>
    public static string Text(ProvenDetector model) => Template()
        .Replace("@constants@", Constants(model), StringComparison.Ordinal)
        .Replace("@thresholds@", (IsFloat(model) ? CThresholds.OfFloats : CThresholds.OfCodes).ReplaceLineEndings("\n"), StringComparison.Ordinal)
        .Replace("@model@", model.Name, StringComparison.Ordinal)
        .Replace("@sha256@", model.Sha256, StringComparison.Ordinal)
        .Replace("@symbol@", CText.Symbol(model.Name), StringComparison.Ordinal)
        .Replace("@MACRO@", CText.Macro(model.Name), StringComparison.Ordinal);

    private static string Constants(ProvenDetector model)
    {
        var layout = DetectorLayout.Of(model.Model);
        var type = layout.Output(0).Type;
        var cells = layout.Levels.Sum(level => level.Side * level.Side);
        var levels = layout.Levels.Select(level => $"    {{{level.Stride}, {level.Side}, {Output(layout, level.Scores)}, {Output(layout, level.Boxes)}}},\n");
        return $$"""
            {{CodeText(type)}}

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

    private static string Output(DetectorLayout layout, int index)
    {
        // Floats are codes of scale 1.
        var quantization = layout.Output(index).Quantization ?? TfliteQuantization.PerTensor(1, 0);
        return $"{CText.Number(index)}, {CText.Float(quantization.Scales[0])}, {CText.Number(quantization.ZeroPoints[0])}";
    }

    private static bool IsFloat(ProvenDetector model) => DetectorLayout.Of(model.Model).Output(0).Type == TensorType.Float32;

    /// <summary>The outputs' type, what it is computed in, and its ends.</summary>
    private static string CodeText(TensorType type)
    {
        if (type == TensorType.Float32)
            return "using Code = float;\nusing Number = float;";
        var (name, lowest, highest) = type switch
        {
            TensorType.Int8 => ("int8_t", sbyte.MinValue, sbyte.MaxValue),
            TensorType.UInt8 => ("uint8_t", byte.MinValue, byte.MaxValue),
            TensorType.Int16 => ("int16_t", short.MinValue, (int)short.MaxValue),
            _ => throw new InvalidOperationException($"outputs of {type} cannot be decoded"),
        };
        return $"using Code = std::{name};\nusing Number = int;  // What codes are computed in.\ninline constexpr int kLowestCode = {CText.Number(lowest)};\ninline constexpr int kHighestCode = {CText.Number(highest)};";
    }

    private static string Template()
    {
        using var stream = typeof(CPostprocess).Assembly.GetManifestResourceStream("postprocess.h.in")
            ?? throw new InvalidOperationException("the resource postprocess.h.in is not in the worker's assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
