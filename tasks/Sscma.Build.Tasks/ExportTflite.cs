namespace Sscma.Build.Tasks;

/// <summary>model.onnx and images of the training split become a full-integer .tflite.</summary>
public sealed class ExportTflite : WorkerTask
{
    private protected override string Verb => "export";
}
