using System.Globalization;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Onnx;
using Sscma.Quantization.Emission;
using Sscma.Quantization.Facts;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Reports;
using Sscma.Tflite;

namespace Sscma.Quantization;

/// <summary>The ONNX files beside a .tflite file: the same network with the same outputs, as floats or in the same codes.</summary>
internal sealed class OnnxExporter(FileFacts facts, IReadOnlyList<float[]> images, int compared)
{
    /// <summary>What must be equal or next to equal; below it the user is warned.</summary>
    private const double Agreement = 0.999;

    /// <summary>float32.</summary>
    /// <param name="network">The network with the outputs of the .tflite file and the weights of the trained one.</param>
    public (byte[] File, OnnxReport Report) Floats(Network network)
    {
        var file = Write(OnnxEmitter.Emit(network, new OnnxFloats()), facts.OfFloats);
        var model = OnnxFile.Parse(file);
        var count = Math.Min(compared, images.Count);
        using var session = new OnnxSession(model);
        foreach (var image in images.Take(count))
        {
            if (session.Run(image, model.Inputs[0].Shape!).Any(output => output.Values<float>().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)))
                throw new InvalidOperationException("the ONNX file has outputs that are not finite where the trained model's are");
        }

        return (file, new OnnxReport("onnx", Digest.OfBytes(file), file.Length, model.Opset, count));
    }

    /// <summary>The codes of a quantized .tflite file.</summary>
    /// <param name="conversion">How that file came about.</param>
    /// <param name="diagnostics">Takes a warning where ONNX Runtime computes something else.</param>
    public (byte[] File, OnnxReport Report) Pairs(Conversion conversion, IDiagnosticSink diagnostics)
    {
        var file = Write(OnnxEmitter.Emit(conversion.Plan.Network, new OnnxPairs(conversion.Plan, conversion.Kernels)), facts);
        var model = OnnxFile.Parse(file);
        var (elements, equal, near) = Compare(model, conversion);
        var report = new OnnxReport("onnx-qdq", Digest.OfBytes(file), file.Length, model.Opset, Math.Min(compared, images.Count))
        {
            Elements = elements,
            Equal = (double)equal / elements,
            WithinOneStep = (double)near / elements,
        };
        if (report.WithinOneStep < Agreement)
        {
            diagnostics.Report(Diagnostic.Warning(
                Codes.QdqDiffers,
                string.Create(CultureInfo.InvariantCulture, $"in ONNX Runtime on this machine only {report.WithinOneStep:P2} of the outputs of the onnx-qdq file are within one step of the .tflite file's; {Agreement:P1} were expected. Score the onnx-qdq file on your own pictures before it ships, or ship the .tflite file.")));
        }

        return (file, report);
    }

    private (long Elements, long Equal, long Near) Compare(OnnxModel model, Conversion conversion)
    {
        using var session = new OnnxSession(model, exactBytes: true);
        var interpreter = new Interpreter(conversion.Model);
        var input = conversion.Model.Tensors[conversion.Model.Inputs[0]];
        var (elements, equal, near) = (0L, 0L, 0L);
        foreach (var image in images.Take(compared))
        {
            var reals = session.Run(image, model.Inputs[0].Shape!);
            var raw = interpreter.Run([Comparison.Pixels(image, conversion.Plan.Network.Input, input.Type)]);
            for (var output = 0; output < raw.Length; output++)
            {
                var tensor = conversion.Model.Tensors[conversion.Model.Outputs[output]];
                var found = reals[output].Values<float>();
                var expected = new TensorReals(tensor, raw[output]);
                var (step, steps) = (tensor.Quantization!.Scales[0], tensor.Type == TensorType.Int16 ? 256 : 1);
                for (var i = 0; i < found.Length; i++)
                {
                    var difference = Math.Abs(found[i] - expected[i]) / step;
                    elements++;
                    equal += difference < 0.5 ? 1 : 0;
                    near += difference < steps + 0.5 ? 1 : 0;
                }
            }
        }

        return (elements, equal, near);
    }

    private static byte[] Write(OnnxModel model, FileFacts facts)
    {
        facts.WriteTo(model);
        return OnnxFile.Serialize(model);
    }
}
