namespace Sscma.Build.Tasks;

/// <summary>A .tflite that passed its gate becomes one for an Ethos-U.</summary>
public sealed class RunVela : WorkerTask
{
    private protected override string Verb => "vela";
}
