namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>An operator that maps each 8-bit code by itself: its 256 results are computed once, by the exact arithmetic.</summary>
internal sealed class CodeTable : IKernel, IParts
{
    private readonly Cut _cut;
    private readonly Operand _input;
    private readonly Operand _output;
    private readonly byte[] _table = new byte[256];

    /// <summary>Tabulates.</summary>
    /// <param name="node">An operator of one input and one output of 8-bit codes and equal size.</param>
    /// <param name="result">The output code of an input code, both as numbers of their types.</param>
    public CodeTable(Node node, Func<int, int> result)
    {
        var (input, output) = (node.Input(0), node.Output());
        node.Require(Is8Bit(input) && Is8Bit(output), "needs 8-bit codes");
        node.RequireShape(output, input.Shape);
        (_input, _output) = (input, output);
        _cut = new Cut(output.Count, 0.7 * output.Count, node.Workspace.Crew);
        for (var i = 0; i < 256; i++)
            _table[i] = (byte)result(input.Type == TensorType.Int8 ? (sbyte)i : i);
    }

    public void Run() => _cut.Run(this);

    public void RunPart(int part, int worker)
    {
        var (first, end) = _cut[part];
        var input = _input.Bytes[first..end];
        var output = _output.Bytes[first..end];
        for (var i = 0; i < output.Length; i++)
            output[i] = _table[input[i]];
    }

    private static bool Is8Bit(Operand operand) => operand.Type is TensorType.Int8 or TensorType.UInt8;
}
