using Sscma.Onnx;
using Sscma.Quantization.Reports;
using Sscma.Tflite;

namespace Sscma.Quantization.Tests;

/// <summary>The int8 file's results beside ONNX Runtime's, in steps of each output's scale.</summary>
internal sealed record Likening(Conversion Conversion, IReadOnlyList<double> WorstSteps, IReadOnlyList<double> MeanSteps)
{
    public IEnumerable<BuiltinOperator> Operators => Conversion.Model.Operators.Select(node => node.Code);

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
            var codes = interpreter.Run([Comparison.Pixels(picture, input)]);
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

    private static double[] Steps(OnnxTensor real, TfliteTensor tensor, byte[] codes)
    {
        var (scale, zero) = (tensor.Quantization!.Scales[0], tensor.Quantization.ZeroPoints[0]);
        var values = real.Floats();
        Assert.HasCount(codes.Length, values);
        var steps = new double[codes.Length];
        // An ONNX result of four axes is (1, C, H, W), the file's (1, H, W, C); one of three axes is (1, cells, C) in both.
        var channels = tensor.Shape[^1];
        var pixels = codes.Length / channels;
        for (var i = 0; i < codes.Length; i++)
        {
            var place = real.Shape.Length == 4 && real.Shape[1] == channels ? ((i % channels) * pixels) + (i / channels) : i;
            steps[i] = Math.Abs((values[place] / scale) - ((sbyte)codes[i] - zero));
        }

        return steps;
    }
}
