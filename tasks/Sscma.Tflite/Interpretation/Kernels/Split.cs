namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Cuts a tensor of any type into equal parts along a constant axis.</summary>
internal sealed class Split : IKernel
{
    private readonly Operand _input;
    private readonly Operand[] _outputs;
    private readonly int _block;

    public Split(Node node)
    {
        var axes = node.Numbers(0);
        var input = node.Input(1);
        node.Require(axes.Length == 1, "needs one axis");
        var axis = node.Axis(axes[0], input.Rank);
        var parts = node.Options<SplitOptions>().Count;
        node.Require(parts > 0 && parts == node.OutputCount && input.Shape[axis] % parts == 0, $"cuts {input.ShapeText} into {parts} parts");
        var shape = (int[])input.Shape.Clone();
        shape[axis] /= parts;
        var outputs = Enumerable.Range(0, parts).Select(node.Output).ToArray();
        foreach (var output in outputs)
        {
            node.RequireShape(output, shape);
            node.Require(output.Type == input.Type, "changes the type");
        }

        _input = input;
        _outputs = outputs;
        _block = shape[axis..].Aggregate(input.Type.Size(), (product, extent) => product * extent);
    }

    public void Run()
    {
        var input = _input.Bytes;
        for (var i = 0; i < _outputs.Length; i++)
        {
            var output = _outputs[i].Bytes;
            for (int to = 0, from = i * _block; to < output.Length; to += _block, from += _block * _outputs.Length)
                input.Slice(from, _block).CopyTo(output[to..]);
        }
    }
}
