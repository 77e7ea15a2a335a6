using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Reports;
using Sscma.Tflite;

namespace Sscma.Quantization.Tests;

/// <summary>How near an exported file is to its ONNX file.</summary>
internal static class Decibels
{
    /// <summary>Signal to noise of an output over the pictures, in decibels, against ONNX Runtime's floats.</summary>
    /// <param name="model">The ONNX file.</param>
    /// <param name="file">What was made of it.</param>
    /// <param name="pictures">What the file is fed.</param>
    /// <param name="output">Which output.</param>
    /// <param name="given">What the ONNX file is fed in the place of a picture; the same where nothing is said.</param>
    public static double Of(OnnxModel model, TfliteModel file, float[][] pictures, int output = 0, Func<float[], float[]>? given = null)
    {
        var input = file.Tensors[file.Inputs[0]];
        var value = new Value("", input.Shape);
        var interpreter = new Interpreter(file);
        using var session = new OnnxSession(model);
        var (signal, noise) = (0.0, 0.0);
        foreach (var picture in pictures)
        {
            var result = session.Run(given?.Invoke(picture) ?? picture, 1, value.Channels, value.Height, value.Width)[output];
            var (real, tensor) = (result.Floats(), file.Tensors[file.Outputs[output]]);
            var found = new TensorReals(tensor, interpreter.Run([Comparison.Pixels(picture, value, input.Type)])[output]);
            // An image has its channels last in the file; what the graph has turned itself keeps its order.
            var turned = result.Shape.SequenceEqual(tensor.Shape.Select(extent => (long)extent)) && !tensor.Shape.Skip(1).All(extent => extent == tensor.Shape[1]);
            var channels = tensor.Shape.Length == 4 && !turned ? tensor.Shape[3] : 1;
            for (var i = 0; i < real.Length; i++)
            {
                var expected = real[(i % channels * (real.Length / channels)) + (i / channels)];
                signal += expected * expected;
                noise += (expected - found[i]) * (expected - found[i]);
            }
        }

        return 10 * Math.Log10(signal / noise);
    }
}
