namespace Sscma.Build.Tasks;

/// <summary>Makes of a .tflite that passed its gate what goes into the product: a C# class and a resource, or a C array and its header.</summary>
public sealed class EmbedModel : WorkerTask
{
    private protected override string Verb => "embed";
}
