namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Joins tensors of any type along an axis. Codes are copied as they are, also between different quantizations: converters must see to equal ones.</summary>
internal sealed class Concatenation : IKernel, IParts
{
    private readonly Cut _cut;
    private readonly Operand[] _inputs;

    // Bytes that each input, and all of them together, give to one row of the output.
    private readonly int[] _blocks;
    private readonly int _stride;
    private readonly Operand _output;

    public Concatenation(Node node)
    {
        var output = node.Output();
        var options = node.Options<ConcatenationOptions>();
        node.Require(options.Activation == Activation.None, "has an activation");
        var axis = node.Axis(options.Axis, output.Rank);
        var inputs = Enumerable.Range(0, node.InputCount).Select(i => node.Input(i, output.Type)).ToArray();
        foreach (var input in inputs)
        {
            node.Require(input.Rank == output.Rank, $"joins {input.ShapeText} into {output.ShapeText}");
            for (var k = 0; k < output.Rank; k++)
                node.Require(k == axis || input.Shape[k] == output.Shape[k], $"joins {input.ShapeText} into {output.ShapeText}");
        }

        node.Require(inputs.Sum(input => (long)input.Shape[axis]) == output.Shape[axis], "joins extents that do not add up to the output's");
        _inputs = inputs;
        _blocks = [.. inputs.Select(input => input.Shape[axis..].Aggregate(output.Type.Size(), (product, extent) => product * extent))];
        _output = output;
        _stride = output.Count == 0 ? 0 : _blocks.Sum();
        var rows = _stride == 0 ? 0 : output.Bytes.Length / _stride;
        _cut = new Cut(rows, (4.0 * rows * inputs.Length) + (0.05 * output.Bytes.Length), node.Workspace.Crew);
    }

    public void Run() => _cut.Run(this);

    public void RunPart(int part, int worker)
    {
        var (first, end) = _cut[part];
        var output = _output.Bytes;
        var offset = 0;
        for (var i = 0; i < _inputs.Length; i++)
        {
            var block = _blocks[i];
            var input = _inputs[i].Bytes;
            for (var row = first; row < end; row++)
                input.Slice(row * block, block).CopyTo(output[((row * _stride) + offset)..]);
            offset += block;
        }
    }
}
