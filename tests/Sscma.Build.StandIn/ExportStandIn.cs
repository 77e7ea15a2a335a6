using System.Text;
using Sscma.Build.Worker;
using Sscma.Files;
using Sscma.Tflite;

namespace Sscma.Build.StandIn;

/// <summary>A sound .tflite file of one operator, with labels, that changes when the ONNX file changes.</summary>
internal sealed class ExportStandIn : IVerb
{
    private const int Size = 32;

    public string Name => "export";

    public void Run(WorkerOptions options, WorkerContext context)
    {
        var pixels = TfliteQuantization.PerTensor(1 / 255f, -128);
        var model = new TfliteModel
        {
            Description = Digest.OfFile(options.Required("onnx")),
            Tensors =
            [
                new TfliteTensor("images", [1, Size, Size, 3], TensorType.Int8, null, pixels),
                new TfliteTensor("pooled", [1, Size / 2, Size / 2, 3], TensorType.Int8, null, pixels),
            ],
            Operators = [new TfliteOperator(BuiltinOperator.MaxPool2D, [0], [1], new PoolOptions(Padding.Valid, 2, 2, 2, 2, Activation.None))],
            Inputs = [0],
            Outputs = [1],
        };
        var labels = Environment.GetEnvironmentVariable("SSCMA_STANDIN_LABELS")?.Split('|') ?? ["bolt", "nut"];
        var facts = new SscmaMetadata { Labels = labels, ImageSize = Size, Classes = labels.Length };
        AtomicFile.WriteAllBytes(options.Required("tflite"), TfliteFile.Write(facts.WriteTo(model)));
        context.Console.WriteLine(Encoding.UTF8.GetString(facts.Write()));
    }
}
