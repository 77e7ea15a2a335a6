namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Softmax of float32 values over the last axis.</summary>
internal sealed class FloatSoftmax : IKernel
{
    private readonly Operand _input;
    private readonly Operand _output;
    private readonly float _beta;

    public FloatSoftmax(Node node)
    {
        (_input, _output) = (node.Input(0, TensorType.Float32), node.Output(TensorType.Float32));
        node.RequireShape(_output, _input.Shape);
        node.Require(_input.Rank > 0 && _input.Shape[^1] > 0, "needs a last axis");
        _beta = node.Options<SoftmaxOptions>().Beta;
    }

    public void Run()
    {
        var depth = _input.Shape[^1];
        for (var at = 0; at < _input.Count; at += depth)
        {
            var values = _input.Floats.Slice(at, depth);
            var output = _output.Floats.Slice(at, depth);
            var greatest = float.NegativeInfinity;
            foreach (var value in values)
                greatest = Math.Max(greatest, value);
            var sum = 0f;
            for (var i = 0; i < depth; i++)
                sum += output[i] = MathF.Exp((values[i] - greatest) * _beta);
            for (var i = 0; i < depth; i++)
                output[i] /= sum;
        }
    }
}
