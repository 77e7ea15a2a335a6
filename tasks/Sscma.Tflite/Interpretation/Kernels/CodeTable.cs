namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>An operator that maps each 8-bit code by itself: its 256 results are computed once, by the exact arithmetic.</summary>
internal sealed class CodeTable : IKernel
{
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
        for (var i = 0; i < 256; i++)
            _table[i] = (byte)result(input.Type == TensorType.Int8 ? (sbyte)i : i);
    }

    public void Run()
    {
        var input = _input.Bytes;
        var output = _output.Bytes;
        for (var i = 0; i < output.Length; i++)
            output[i] = _table[input[i]];
    }

    private static bool Is8Bit(Operand operand) => operand.Type is TensorType.Int8 or TensorType.UInt8;
}
