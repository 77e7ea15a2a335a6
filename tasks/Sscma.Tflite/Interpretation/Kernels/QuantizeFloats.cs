namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>float32 to codes: divided in float32, rounded half away from zero.</summary>
internal sealed class QuantizeFloats : IKernel
{
    private readonly Operand _input;
    private readonly Operand _output;
    private readonly float _scale;
    private readonly int _zeroPoint;
    private readonly CodeRange _range;

    public QuantizeFloats(Node node)
    {
        (_input, _output) = (node.Input(0, TensorType.Float32), node.Output());
        node.RequireShape(_output, _input.Shape);
        (_scale, _zeroPoint, _range) = (_output.Scale, _output.ZeroPoint, CodeRange.Of(_output.Type));
    }

    public void Run()
    {
        var input = _input.Floats;
        if (_output.Type == TensorType.Int16)
        {
            var wide = _output.Int16;
            for (var i = 0; i < input.Length; i++)
                wide[i] = (short)Code(input[i]);
            return;
        }

        var output = _output.Bytes;
        for (var i = 0; i < input.Length; i++)
            output[i] = (byte)Code(input[i]);
    }

    // Beyond 2^31 the reference is undefined; here it saturates, and what is no number becomes the zero point.
    private int Code(float value)
    {
        var quotient = MathF.Round(value / _scale, MidpointRounding.AwayFromZero);
        if (float.IsNaN(quotient))
            return _zeroPoint;
        return Math.Clamp((int)Math.Clamp(quotient, -100_000f, 100_000f) + _zeroPoint, _range.Lowest, _range.Highest);
    }
}
