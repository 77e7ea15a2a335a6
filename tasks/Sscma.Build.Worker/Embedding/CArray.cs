using System.Globalization;
using System.Text;
using Sscma.Tflite;

namespace Sscma.Build.Worker.Embedding;

/// <summary>
/// A header for C and C++ and a C++ file with the model as a 16-byte aligned array, for firmware.
/// Everything is named after the model: <c>mask_detector_tflite</c>, <c>MASK_DETECTOR_ARENA_BYTES</c>.
/// </summary>
internal sealed class CArray(ProvenModel model)
{
    private const int BytesPerLine = 16;

    private readonly string _symbol = Symbol(model.Name);

    private string Macro => _symbol.ToUpperInvariant();

    /// <summary>The header.</summary>
    public string Header()
    {
        var facts = model.Facts;
        var input = model.Model.Tensors[model.Model.Inputs[0]];
        var operators = model.Model.Operators.Select(OperatorName).Distinct().Order(StringComparer.Ordinal).ToList();
        return $"""
            // Made by Sscma.Build from the model '{model.Name}'. Changes are overwritten by the next build.
            // SHA-256 {model.Sha256}
            // mAP {Text(model.Map)}, mAP50 {Text(model.Map50)} on the validation images, measured on exactly these bytes.
            #ifndef SSCMA_{Macro}_H_
            #define SSCMA_{Macro}_H_

            #define {Macro}_SHA256 "{model.Sha256}"
            #define {Macro}_BYTES {Number(model.Bytes.Length)}

            // Memory for the interpreter of TensorFlow Lite Micro on a 32-bit target.
            #define {Macro}_ARENA_BYTES {Number(MemoryPlan.Of(model.Model).ArenaBytes)}

            // Operators for the resolver: {Macro}_OPERATORS(ADD) with #define ADD(name) resolver.Add##name();
            #define {Macro}_OPERATOR_COUNT {Number(operators.Count)}
            #define {Macro}_OPERATORS(OPERATOR) \
              {string.Join(" \\\n  ", operators.Select(name => $"OPERATOR({name})"))}

            // The input is a square of RGB pixels: code = pixel + zero point when the scale is 1/255.
            #define {Macro}_IMAGE_SIZE {Number(facts.ImageSize)}
            #define {Macro}_INPUT_SCALE {Float(input.Quantization?.Scales[0] ?? 1)}
            #define {Macro}_INPUT_ZERO_POINT {(input.Quantization?.ZeroPoints[0] ?? 0).ToString(CultureInfo.InvariantCulture)}

            // A cell's point lies at (column + offset, row + offset) times the stride of its level.
            #define {Macro}_LEVEL_COUNT {Number(facts.Strides.Count)}
            #define {Macro}_STRIDES {string.Join(", ", facts.Strides.Select(Number))}
            #define {Macro}_POINT_OFFSET {Float(facts.PointOffset)}
            #define {Macro}_SCORE_THRESHOLD 0.25f
            #define {Macro}_IOU_THRESHOLD 0.45f

            // Score channels of the outputs; a channel without a label never wins.
            #define {Macro}_SCORE_CHANNELS {Number(facts.Classes)}
            #define {Macro}_LABEL_COUNT {Number(facts.Labels.Count)}

            #ifdef __cplusplus
            extern "C" {"{"}
            #endif

            // The .tflite file, 16-byte aligned.
            extern const unsigned char {_symbol}_tflite[{Macro}_BYTES];

            // Names of the classes, UTF-8.
            extern const char* const {_symbol}_labels[{Macro}_LABEL_COUNT];

            #ifdef __cplusplus
            {"}"}
            #endif

            #endif  // SSCMA_{Macro}_H_

            """.ReplaceLineEndings("\n");
    }

    /// <summary>The C++ file that belongs to the header.</summary>
    public string Source()
    {
        var text = new StringBuilder(model.Bytes.Length * 5 + 1024);
        text.Append("// Made by Sscma.Build from the model '").Append(model.Name).Append("'. Changes are overwritten by the next build.\n");
        text.Append("#include \"").Append(model.Name).Append(".h\"\n\n");
        text.Append("alignas(16) const unsigned char ").Append(_symbol).Append("_tflite[").Append(Macro).Append("_BYTES] = {");
        for (var i = 0; i < model.Bytes.Length; i++)
        {
            text.Append(i % BytesPerLine == 0 ? "\n  " : " ");
            text.Append(CultureInfo.InvariantCulture, $"0x{model.Bytes[i]:x2},");
        }

        text.Append("\n};\n\n");
        text.Append("const char* const ").Append(_symbol).Append("_labels[").Append(Macro).Append("_LABEL_COUNT] = {\n");
        foreach (var label in model.Facts.Labels)
            text.Append("  ").Append(Literal(label)).Append(",\n");
        return text.Append("};\n").ToString();
    }

    /// <summary>A C name: every other character becomes an underscore.</summary>
    private static string Symbol(string name)
    {
        var symbol = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        return char.IsAsciiDigit(symbol[0]) ? $"model_{symbol}" : symbol;
    }

    private static string OperatorName(TfliteOperator operation) => operation.CustomName ?? operation.Code.ToString();

    private static string Text(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "undefined";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Float(float value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? $"{text}.0f" : $"{text}f";
    }

    /// <summary>A C string: bytes beyond ASCII as octal escapes, which end after three digits, so no letter that follows is swallowed.</summary>
    private static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var code in Encoding.UTF8.GetBytes(text))
        {
            if (code is (byte)'"' or (byte)'\\' or (byte)'?' or < 0x20 or >= 0x7f)
                literal.Append('\\').Append(Convert.ToString(code, 8).PadLeft(3, '0'));
            else
                literal.Append((char)code);
        }

        return literal.Append('"').ToString();
    }
}
