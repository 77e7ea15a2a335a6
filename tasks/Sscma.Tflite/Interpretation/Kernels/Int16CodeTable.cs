namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>An operator that maps each code by itself, from or to 16 bits: its results are computed once, by the exact arithmetic.</summary>
internal sealed class Int16CodeTable : IKernel, IParts
{
    private readonly Cut _cut;
    private readonly Operand _input;
    private readonly Operand _output;

    // For each bit pattern of an input code; a code of 8 bits is one of the first 256.
    private readonly short[] _table;

    /// <summary>Tabulates.</summary>
    /// <param name="node">An operator of one input and one output of codes and equal size.</param>
    /// <param name="result">The output code of an input code, both as numbers of their types.</param>
    public Int16CodeTable(Node node, Func<int, int> result)
    {
        (_input, _output) = (node.Input(0), node.Output());
        node.RequireShape(_output, _input.Shape);
        _cut = new Cut(_output.Count, _output.Count, node.Workspace.Crew);
        _table = new short[_input.Type == TensorType.Int16 ? 1 << 16 : 1 << 8];
        for (var i = 0; i < _table.Length; i++)
            _table[i] = (short)result(_input.Type switch { TensorType.Int16 => (short)i, TensorType.Int8 => (sbyte)i, _ => i });
    }

    public void Run() => _cut.Run(this);

    public void RunPart(int part, int worker)
    {
        var (first, end) = _cut[part];
        if (_input.Type != TensorType.Int16)
            FromBytes(_input.Bytes[first..end], _output.Int16[first..end]);
        else if (_output.Type != TensorType.Int16)
            ToBytes(_input.Int16[first..end], _output.Bytes[first..end]);
        else
            Within(_input.Int16[first..end], _output.Int16[first..end]);
    }

    private void FromBytes(ReadOnlySpan<byte> input, Span<short> output)
    {
        for (var i = 0; i < output.Length; i++)
            output[i] = _table[input[i]];
    }

    private void ToBytes(ReadOnlySpan<short> input, Span<byte> output)
    {
        for (var i = 0; i < output.Length; i++)
            output[i] = (byte)_table[(ushort)input[i]];
    }

    private void Within(ReadOnlySpan<short> input, Span<short> output)
    {
        for (var i = 0; i < output.Length; i++)
            output[i] = _table[(ushort)input[i]];
    }
}
