namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>8-bit codes to float32.</summary>
internal sealed class Dequantize : IKernel
{
    private readonly Operand _input;
    private readonly Operand _output;
    private readonly float _scale;
    private readonly int _zeroPoint;

    private Dequantize(Node node)
    {
        (_input, _output) = (node.Input(0), node.Output(TensorType.Float32));
        node.RequireShape(_output, _input.Shape);
        (_scale, _zeroPoint) = (_input.Scale, _input.ZeroPoint);
    }

    /// <summary>The kernel for the type at hand, or null.</summary>
    public static Func<IKernel>? Find(Node node) => node.Optional(0)?.Type switch
    {
        TensorType.Int8 or TensorType.UInt8 => () => new Dequantize(node),
        TensorType.Float16 => () => new DequantizeHalves(node),
        _ => null,
    };

    public void Run()
    {
        var output = _output.Floats;
        for (var i = 0; i < output.Length; i++)
        {
            var code = _input.Type == TensorType.Int8 ? (sbyte)_input.Bytes[i] : (int)_input.Bytes[i];
            output[i] = _scale * (code - _zeroPoint);
        }
    }
}
