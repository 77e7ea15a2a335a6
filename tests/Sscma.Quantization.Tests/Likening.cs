using System.Runtime.InteropServices;
using Sscma.Onnx;
using Sscma.Quantization.Emission;
using Sscma.Quantization.Import;
using Sscma.Quantization.Reports;
using Sscma.Tflite;

namespace Sscma.Quantization.Tests;

/// <summary>The int8 or int16x8 file's results beside ONNX Runtime's, in steps of each output's scale.</summary>
internal sealed record Likening(Conversion Conversion, IReadOnlyList<double> WorstSteps, IReadOnlyList<double> MeanSteps)
{
    public IEnumerable<BuiltinOperator> Operators => Conversion.Model.Operators.Select(node => node.Code);

    /// <summary>The worst difference of an output as a real number.</summary>
    public double WorstReal(int output) => WorstSteps[output] * Conversion.Model.Tensors[Conversion.Model.Outputs[output]].Quantization!.Scales[0];

    /// <summary>Converts, writes, reads back and runs on pictures that were also the calibration.</summary>
    public static Likening Of(OnnxModel model, float[][] pictures, ConversionOptions? options = null)
    {
        var conversion = Converter.Convert(model, pictures, options ?? new ConversionOptions());
        var file = TfliteFile.Read(TfliteFile.Write(conversion.Model));
        var interpreter = new Interpreter(file);
        var input = conversion.Plan.Network.Input;
        using var session = new OnnxSession(model);
        var worst = new double[file.Outputs.Length];
        var sums = new double[file.Outputs.Length];
        var counts = new long[file.Outputs.Length];
        foreach (var picture in pictures)
        {
            var reals = session.Run(picture, 1, input.Channels, input.Height, input.Width);
            var codes = interpreter.Run([Comparison.Pixels(picture, input, file.Tensors[file.Inputs[0]].Type)]);
            for (var output = 0; output < codes.Length; output++)
            {
                var tensor = file.Tensors[file.Outputs[output]];
                var steps = Steps(reals[output], tensor, codes[output]);
                worst[output] = Math.Max(worst[output], steps.Max());
                sums[output] += steps.Sum();
                counts[output] += steps.Length;
            }
        }

        return new Likening(conversion, worst, [.. sums.Zip(counts, (sum, count) => sum / count)]);
    }

    /// <summary>Asserts on the first output.</summary>
    public Likening Within(double worst, double mean)
    {
        Assert.IsLessThanOrEqualTo(worst, WorstSteps[0], $"worst difference in steps; mean {MeanSteps[0]:F3}");
        Assert.IsLessThanOrEqualTo(mean, MeanSteps[0], "mean difference in steps");
        return this;
    }

    /// <summary>
    /// Writes the conversion as ONNX with QuantizeLinear and DequantizeLinear, reads it back and runs it in ONNX Runtime beside the interpreter.
    /// Returns the elements of the outputs, those with the same code, those within one step.
    /// </summary>
    public static (long Elements, long Equal, long Near) Pairs(Conversion conversion, float[][] pictures)
    {
        var model = OnnxFile.Parse(OnnxFile.Serialize(OnnxEmitter.Emit(conversion.Plan.Network, new OnnxPairs(conversion.Plan, conversion.Kernels))));
        using var session = new OnnxSession(model, exactBytes: true);
        var (input, file) = (conversion.Plan.Network.Input, conversion.Model);
        var interpreter = new Interpreter(file);
        var (elements, equal, near) = (0L, 0L, 0L);
        foreach (var picture in pictures)
        {
            var reals = session.Run(picture, 1, input.Channels, input.Height, input.Width);
            var codes = interpreter.Run([Comparison.Pixels(picture, input)]);
            for (var output = 0; output < codes.Length; output++)
            {
                var tensor = file.Tensors[file.Outputs[output]];
                Assert.AreEqual(string.Join(',', tensor.Shape), string.Join(',', reals[output].Shape), "the outputs have the file's shapes");
                Assert.AreEqual(tensor.Name, model.Outputs[output].Name);
                var (values, quantization) = (reals[output].Floats(), tensor.Quantization!);
                for (var i = 0; i < values.Length; i++)
                {
                    var steps = Math.Abs(Math.Round(values[i] / quantization.Scales[0]) + quantization.ZeroPoints[0] - (sbyte)codes[output][i]);
                    (elements, equal, near) = (elements + 1, equal + (steps == 0 ? 1 : 0), near + (steps <= 1 ? 1 : 0));
                }
            }
        }

        return (elements, equal, near);
    }

    /// <summary>Writes the float network as ONNX again and asserts that every output equals the first file's within a part of its largest value.</summary>
    public static void Floats(OnnxModel model, float[][] pictures, double tolerance = 1e-5)
    {
        var network = OnnxImporter.Import(model);
        var again = OnnxFile.Parse(OnnxFile.Serialize(OnnxEmitter.Emit(network, new OnnxFloats())));
        using var session = new OnnxSession(model);
        using var other = new OnnxSession(again);
        foreach (var picture in pictures)
        {
            var reals = session.Run(picture, 1, network.Input.Channels, network.Input.Height, network.Input.Width);
            foreach (var (real, found) in reals.Zip(other.Run(picture, 1, network.Input.Channels, network.Input.Height, network.Input.Width)))
            {
                var (expected, values, channels) = (real.Floats(), found.Floats(), (int)found.Shape[^1]);
                Assert.HasCount(expected.Length, values);
                var most = Math.Max(1e-3, expected.Max(Math.Abs));
                for (var i = 0; i < values.Length; i++)
                    Assert.AreEqual(expected[Place(real, channels, i)], values[i], tolerance * most, $"{real.Name}[{i}]");
            }
        }
    }

    /// <summary>Converts to float32 and asserts that every output equals ONNX Runtime's within a part of its largest value.</summary>
    public static Conversion InFloat(OnnxModel model, float[][] pictures, double tolerance = 1e-5)
    {
        var conversion = Converter.Convert(model, [], new ConversionOptions { Precision = Precision.Float32 });
        var file = TfliteFile.Read(TfliteFile.Write(conversion.Model));
        var interpreter = new Interpreter(file);
        var input = conversion.Plan.Network.Input;
        using var session = new OnnxSession(model);
        foreach (var picture in pictures)
        {
            var reals = session.Run(picture, 1, input.Channels, input.Height, input.Width);
            var ours = interpreter.Run([Comparison.Pixels(picture, input, TensorType.Float32)]);
            for (var output = 0; output < ours.Length; output++)
            {
                var tensor = file.Tensors[file.Outputs[output]];
                var (values, expected) = (MemoryMarshal.Cast<byte, float>(ours[output]).ToArray(), reals[output].Floats());
                Assert.HasCount(expected.Length, values);
                var most = Math.Max(1e-3, expected.Max(Math.Abs));
                for (var i = 0; i < values.Length; i++)
                    Assert.AreEqual(expected[Place(reals[output], tensor.Shape[^1], i)], values[i], tolerance * most, $"{reals[output].Name}[{i}]");
            }
        }

        return conversion;
    }

    /// <summary>An ONNX result of four axes is (1, C, H, W), the file's (1, H, W, C); others are alike in both.</summary>
    private static int Place(OnnxTensor real, int channels, int index) =>
        real.Shape.Length == 4 && real.Shape[1] == channels ? ((index % channels) * (int)(real.Count / channels)) + (index / channels) : index;

    private static double[] Steps(OnnxTensor real, TfliteTensor tensor, byte[] codes)
    {
        var (found, values) = (new TensorReals(tensor, codes), real.Floats());
        Assert.HasCount(codes.Length / tensor.Type.Size(), values);
        var steps = new double[values.Length];
        for (var i = 0; i < steps.Length; i++)
            steps[i] = Math.Abs((values[Place(real, tensor.Shape[^1], i)] / found.Scale) - (found.Code(i) - found.ZeroPoint));

        return steps;
    }
}
