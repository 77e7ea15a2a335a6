using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite;

/// <summary>How a model is run. No option changes a byte of the result.</summary>
public sealed record InterpreterOptions
{
    /// <summary>Threads that share each run, the caller's included. They wait for the next run awake for a moment, so ask for no more than there are idle cores.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Gives every tensor its own memory, so that all of them can be looked at after a run. Otherwise tensors share memory as on a microcontroller.</summary>
    public bool KeepTensors { get; init; }

    /// <summary>Which vector instructions the convolutions use.</summary>
    internal KernelPath Path { get; init; }
}
