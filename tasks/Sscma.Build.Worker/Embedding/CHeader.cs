using System.Globalization;
using System.Text;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Build.Worker.Embedding;

/// <summary>
/// A header for C and C++ with what firmware must know of a model. Everything is named after the model: <c>mask_detector_tflite</c>,
/// <c>MASK_DETECTOR_ARENA_BYTES</c>.
/// </summary>
internal static class CHeader
{
    /// <summary>The text.</summary>
    public static string Text(ProvenModel model)
    {
        var (symbol, macro) = (CText.Symbol(model.Name), CText.Macro(model.Name));
        var operators = model.Model.Operators.Select(OperatorName).Distinct().Order(StringComparer.Ordinal).ToList();
        return $"""
            // Made by Sscma.Build from the model '{model.Name}'. Changes are overwritten by the next build.
            // SHA-256 {model.Sha256}
            {(model is ProvenDetector scored ? Score(scored) : "// A plain network: not scored.")}
            #ifndef SSCMA_{macro}_H_
            #define SSCMA_{macro}_H_

            #define {macro}_SHA256 "{model.Sha256}"
            #define {macro}_BYTES {CText.Number(model.Bytes.Length)}

            // Memory for the interpreter of TensorFlow Lite Micro on a 32-bit target.
            #define {macro}_ARENA_BYTES {CText.Number(MemoryPlan.Of(model.Model).ArenaBytes)}

            // Operators for the resolver: {macro}_OPERATORS(ADD) with #define ADD(name) resolver.Add##name();
            #define {macro}_OPERATOR_COUNT {CText.Number(operators.Count)}
            #define {macro}_OPERATORS(OPERATOR) \
              {string.Join(" \\\n  ", operators.Select(name => $"OPERATOR({name})"))}

            {(model is ProvenDetector detector ? Detector(detector, macro) : CNetwork.Header(model, macro))}
            #define {macro}_LABEL_COUNT {CText.Number(model.Labels.Count)}

            #ifdef __cplusplus
            extern "C" {"{"}
            #endif

            // The .tflite file, 16-byte aligned, and its size.
            extern const unsigned char {symbol}_tflite[{macro}_BYTES];
            extern const unsigned int {symbol}_tflite_size;
            {(model.Labels.Count == 0 ? "" : $"\n// Names of the classes, UTF-8.\nextern const char* const {symbol}_labels[{macro}_LABEL_COUNT];\n")}
            #ifdef __cplusplus
            {"}"}
            #endif

            #endif  // SSCMA_{macro}_H_

            """.ReplaceLineEndings("\n");
    }

    private static string Detector(ProvenDetector model, string macro)
    {
        var (facts, input) = (model.Facts, model.Model.Tensors[model.Model.Inputs[0]]);
        return $"""
            // The input is a square of RGB pixels: code = pixel + zero point when the scale is 1/255.
            #define {macro}_IMAGE_SIZE {CText.Number(facts.ImageSize)}
            #define {macro}_INPUT_SCALE {CText.Float(input.Quantization?.Scales[0] ?? 1)}
            #define {macro}_INPUT_ZERO_POINT {CText.Number(input.Quantization?.ZeroPoints[0] ?? 0)}

            // The outputs by meaning and stride: the number in the model's order, rows of the map, channels of a row, and
            // real value = (code - zero point) * scale. Scores are logits; boxes are left, top, right, bottom in strides.
            #define {macro}_OUTPUT_COUNT {CText.Number(model.Model.Outputs.Length)}
            {Outputs(DetectorLayout.Of(model.Model), macro)}
            // A cell's point lies at (column + offset, row + offset) times the stride of its level.
            #define {macro}_LEVEL_COUNT {CText.Number(facts.Strides.Count)}
            #define {macro}_STRIDES {string.Join(", ", facts.Strides.Select(stride => CText.Number(stride)))}
            #define {macro}_POINT_OFFSET {CText.Float(facts.PointOffset)}
            #define {macro}_SCORE_THRESHOLD 0.25f
            #define {macro}_IOU_THRESHOLD 0.45f

            // Score channels of the outputs; a channel without a label never wins.
            #define {macro}_SCORE_CHANNELS {CText.Number(facts.Classes)}
            """;
    }

    private static string Outputs(DetectorLayout layout, string macro)
    {
        var text = new StringBuilder();
        foreach (var level in layout.Levels)
        {
            Output("SCORES", level.Scores, level.Classes);
            Output("BOXES", level.Boxes, DetectorLayout.BoxChannels);

            void Output(string meaning, int index, int channels)
            {
                var name = $"#define {macro}_{meaning}_{CText.Number(level.Stride)}";
                // Floats are codes of scale 1.
                var quantization = layout.Output(index).Quantization ?? TfliteQuantization.PerTensor(1, 0);
                text.Append(CultureInfo.InvariantCulture, $"{name}_INDEX {index}\n{name}_CELLS {level.Side * level.Side}\n{name}_CHANNELS {channels}\n");
                text.Append(CultureInfo.InvariantCulture, $"{name}_SCALE {CText.Float(quantization.Scales[0])}\n{name}_ZERO_POINT {quantization.ZeroPoints[0]}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>As the resolver's method for it is called: AddConv2D, AddEthosU.</summary>
    private static string OperatorName(TfliteOperator operation) =>
        operation.CustomName is { } custom ? string.Concat(custom.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) : operation.Code.ToString();

    private static string Score(ProvenDetector model) =>
        $"// mAP {Text(model.Map)}, mAP50 {Text(model.Map50)} on the validation images, measured on {model.MeasuredOn}.\n{Device(model)}";

    private static string Device(ProvenDetector model) => model.Device is var (map, map50)
        ? $"// As the SSCMA-Micro firmware looks and reports: mAP {Text(map)}, mAP50 {Text(map50)}."
        : "// Not measured as the SSCMA-Micro firmware would see it, which does not run the file.";

    private static string Text(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "undefined";
}
