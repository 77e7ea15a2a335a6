using System.Runtime.InteropServices;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>float16 to float32, which is exact. Constants, as converters store weights, are widened once: the arena gives such tensors memory of their own.</summary>
internal sealed class DequantizeHalves : IKernel
{
    private readonly Operand _input;
    private readonly Operand _output;

    public DequantizeHalves(Node node)
    {
        (_input, _output) = (node.Input(0, TensorType.Float16), node.Output(TensorType.Float32));
        node.RequireShape(_output, _input.Shape);
        if (!_input.IsConstant)
            return;
        Widen();
        _output.IsPrepared = true;
    }

    public void Run()
    {
        if (!_input.IsConstant)
            Widen();
    }

    private void Widen()
    {
        var halves = MemoryMarshal.Cast<byte, Half>(_input.Bytes);
        var output = _output.Floats;
        for (var i = 0; i < output.Length; i++)
            output[i] = (float)halves[i];
    }
}
