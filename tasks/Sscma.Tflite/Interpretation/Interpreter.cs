namespace Sscma.Tflite;

/// <summary>
/// Runs a model on the CPU with the integer arithmetic of TensorFlow Lite Micro's reference kernels, bit for bit.
/// One instance serves one thread at a time; several instances may share a model.
/// </summary>
public sealed class Interpreter
{
    /// <summary>Prepares a model: checks every operator and reserves every buffer.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">An operator is not supported, or the model contradicts itself.</exception>
    public Interpreter(TfliteModel model) => Model = model;

    /// <summary>What runs.</summary>
    public TfliteModel Model { get; }

    /// <summary>Computes the outputs.</summary>
    /// <param name="inputs">Raw elements of each input, in the model's order.</param>
    /// <returns>Raw elements of each output, in the model's order.</returns>
    public byte[][] Run(IReadOnlyList<byte[]> inputs) => throw new NotSupportedException("lands next");

    /// <summary>Raw elements of any tensor after the last run, for inspection.</summary>
    public ReadOnlySpan<byte> Tensor(int index) => throw new NotSupportedException("lands next");
}
