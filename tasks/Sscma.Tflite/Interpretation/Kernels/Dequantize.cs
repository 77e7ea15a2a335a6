using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Codes of 8 or 16 bits to float32.</summary>
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
        TensorType.Int8 or TensorType.UInt8 or TensorType.Int16 => () => new Dequantize(node),
        TensorType.Float16 => () => new DequantizeHalves(node),
        _ => null,
    };

    public void Run()
    {
        var output = _output.Floats;
        if (_input.Type == TensorType.Int16)
            Widen<short>(output);
        else if (_input.Type == TensorType.Int8)
            Widen<sbyte>(output);
        else
            Widen<byte>(output);
    }

    private void Widen<T>(Span<float> output)
        where T : unmanaged, IBinaryInteger<T>
    {
        var codes = _input.Elements<T>();
        for (var i = 0; i < output.Length; i++)
            output[i] = _scale * (int.CreateTruncating(codes[i]) - _zeroPoint);
    }
}
