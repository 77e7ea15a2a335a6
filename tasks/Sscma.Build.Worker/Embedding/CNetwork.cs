using System.Globalization;
using System.Text;
using Sscma.Tflite;

namespace Sscma.Build.Worker.Embedding;

/// <summary>What C and C++ must know of a plain network: its input, and for each output how codes become reals.</summary>
internal static class CNetwork
{
    /// <summary>The part of the header between the operators and the labels.</summary>
    public static string Header(ProvenModel model, string macro)
    {
        var input = model.Model.Tensors[model.Model.Inputs[0]];
        var text = new StringBuilder();
        foreach (var (number, output) in Outputs(model).Index())
        {
            var (name, quantization) = ($"#define {macro}_OUTPUT_{CText.Number(number)}", QuantizationOf(output));
            text.Append(CultureInfo.InvariantCulture, $"// {Title(output)}\n{name}_SIZE {SizeOf(output)}\n{name}_SCALE {CText.Float(quantization.Scales[0])}\n{name}_ZERO_POINT {quantization.ZeroPoints[0]}\n");
        }

        return $"""
            // The input: rows of pixels, {(input.Shape[3] == 1 ? "grey" : "RGB")}; code = pixel + zero point when the scale is 1/255.
            #define {macro}_INPUT_HEIGHT {CText.Number(input.Shape[1])}
            #define {macro}_INPUT_WIDTH {CText.Number(input.Shape[2])}
            #define {macro}_INPUT_CHANNELS {CText.Number(input.Shape[3])}
            #define {macro}_INPUT_SCALE {CText.Float(input.Quantization?.Scales[0] ?? 1)}
            #define {macro}_INPUT_ZERO_POINT {CText.Number(input.Quantization?.ZeroPoints[0] ?? 0)}

            // The outputs in the model's order: elements, and real value = (code - zero point) * scale.
            #define {macro}_OUTPUT_COUNT {CText.Number(model.Model.Outputs.Length)}
            {text}
            // Names that the ONNX file gives for its classes.
            """;
    }

    /// <summary>The C++ header that makes reals of an output's codes.</summary>
    public static string Postprocess(ProvenModel model)
    {
        var macro = CText.Macro(model.Name);
        var outputs = Outputs(model).Select(output => (Output: output, Quantization: QuantizationOf(output))).ToList();
        var rows = outputs.Select(row => $"    {{{SizeOf(row.Output)}, {CText.Float(row.Quantization.Scales[0])}, {CText.Number(row.Quantization.ZeroPoints[0])}}},  // {Title(row.Output)}\n");
        return $$"""
            // Made by Sscma.Build from the model '{{model.Name}}'. Changes are overwritten by the next build.
            // For the file with the SHA-256 {{model.Sha256}}
            //
            // From the raw outputs of {{model.Name}}.tflite to reals. What these mean only the network's author knows. C++17, nothing but this header.
            #ifndef SSCMA_{{macro}}_POSTPROCESS_H_
            #define SSCMA_{{macro}}_POSTPROCESS_H_

            #include <cstddef>
            #include <cstdint>

            namespace {{CText.Symbol(model.Name)}}_postprocess {

            using Code = {{CodeOf(outputs[0].Output.Type)}};

            struct Output {
              std::size_t size;  // Elements.
              float scale;
              int zero;          // The code of 0.
            };

            inline constexpr int kOutputs = {{CText.Number(outputs.Count)}};

            // In the model's order.
            inline constexpr Output kOutput[] = {
            {{string.Concat(rows)}}};

            // The real value of a code.
            constexpr float real(const Output& output, Code code) {
              return (static_cast<float>(code) - static_cast<float>(output.zero)) * output.scale;
            }

            }  // namespace {{CText.Symbol(model.Name)}}_postprocess

            #endif  // SSCMA_{{macro}}_POSTPROCESS_H_

            """.ReplaceLineEndings("\n");
    }

    private static IEnumerable<TfliteTensor> Outputs(ProvenModel model) => model.Model.Outputs.Select(output => model.Model.Tensors[output]);

    /// <summary>Floats are codes of scale 1.</summary>
    private static TfliteQuantization QuantizationOf(TfliteTensor output) => output.Quantization ?? TfliteQuantization.PerTensor(1, 0);

    private static string SizeOf(TfliteTensor output) => CText.Number(output.Shape.Aggregate(1L, (product, extent) => product * extent));

    private static string Title(TfliteTensor output) => $"{CText.Literal(output.Name)} [{string.Join(", ", output.Shape)}]";

    private static string CodeOf(TensorType type) => type switch
    {
        TensorType.Int8 => "std::int8_t",
        TensorType.Int16 => "std::int16_t",
        TensorType.Float32 => "float",
        _ => throw new InvalidOperationException($"outputs of {type} have no name in C++"),
    };
}
