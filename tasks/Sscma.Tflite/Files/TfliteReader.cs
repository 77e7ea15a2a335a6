using Sscma.Diagnostics;

namespace Sscma.Tflite;

/// <summary>From the tables of a file to the object model. Slot numbers are those of the TFLite schema, version 3.</summary>
internal sealed class TfliteReader
{
    private const int MaxRank = 8;

    private readonly FlatTable _model;
    private readonly FlatTable[] _buffers;
    private readonly byte[]?[] _data;

    private TfliteReader(FlatTable model)
    {
        _model = model;
        _buffers = model.Tables(4);
        _data = new byte[_buffers.Length][];
    }

    public static TfliteModel Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length < 8 || !file.Span.Slice(4, 4).SequenceEqual("TFL3"u8))
            throw new DiagnosticException(Codes.TfliteFileInvalid, "this is no .tflite file: its bytes 4 to 8 are not 'TFL3'. Give a file made by the export.");
        var source = new FlatSource(file);
        return new TfliteReader(new FlatTable(source, source.Follow(0))).ReadModel();
    }

    private TfliteModel ReadModel()
    {
        var version = _model.UInt32(0);
        if (version != 3)
            throw FlatSource.Broken($"its schema version is {version}, expected 3");
        var graphs = _model.Tables(2);
        if (graphs.Length != 1)
            throw FlatSource.Broken($"it has {graphs.Length} graphs, expected 1");

        var graph = graphs[0];
        var tensors = graph.Tables(0).Select(ReadTensor).ToArray();
        var codes = _model.Tables(1).Select(ReadCode).ToArray();
        return new TfliteModel
        {
            Description = _model.Text(3),
            Tensors = tensors,
            Operators = [.. graph.Tables(3).Select(table => ReadOperator(table, codes, tensors.Length))],
            Inputs = Indices(graph.Int32s(1), tensors.Length, lowest: 0),
            Outputs = Indices(graph.Int32s(2), tensors.Length, lowest: 0),
            Metadata = ReadMetadata(),
        };
    }

    private Dictionary<string, byte[]> ReadMetadata()
    {
        var metadata = new Dictionary<string, byte[]>();
        foreach (var entry in _model.Tables(6))
            metadata[entry.Text(0)] = Data(entry.UInt32(1)) ?? [];
        return metadata;
    }

    private TfliteTensor ReadTensor(FlatTable table)
    {
        var name = table.Text(3);
        var shape = table.Int32s(0);
        if (shape.Length > MaxRank || shape.Any(extent => extent < 0))
            throw FlatSource.Broken($"tensor '{name}' has the shape [{string.Join(",", shape.Take(MaxRank + 1))}]");
        if (table.Table(6) is not null)
            throw FlatSource.Broken($"tensor '{name}' is stored sparse, which is not supported");

        var tensor = new TfliteTensor(name, shape, (TensorType)table.Int8(1), Data(table.UInt32(2)), ReadQuantization(table.Table(4), name));
        var elementSize = tensor.Type.Size();
        if (tensor.Count > int.MaxValue)
            throw FlatSource.Broken($"tensor '{name}' has the shape [{string.Join(",", shape)}], too large");
        if (tensor.Data is not null && elementSize > 0 && tensor.Data.Length != tensor.Count * elementSize)
            throw FlatSource.Broken($"tensor '{name}' has {tensor.Data.Length} bytes, its shape needs {tensor.Count * elementSize}");
        return tensor;
    }

    private static TfliteQuantization? ReadQuantization(FlatTable? table, string name)
    {
        if (table is not { } quantization)
            return null;
        var scales = quantization.Floats(2);
        if (scales.Length == 0)
            return null;
        var zeroPoints = quantization.Int64s(3);
        if (zeroPoints.Length == 0)
            zeroPoints = new long[scales.Length];
        if (zeroPoints.Length != scales.Length)
            throw FlatSource.Broken($"tensor '{name}' has {scales.Length} scales and {zeroPoints.Length} zero points");
        return new TfliteQuantization(scales, zeroPoints, quantization.Int32(6));
    }

    private byte[]? Data(uint index)
    {
        if (index >= _buffers.Length)
            throw FlatSource.Broken($"it refers to buffer {index} of {_buffers.Length}");
        var data = _data[index] ??= _buffers[index].Bytes(0);
        return data.Length == 0 ? null : data;
    }

    // Newer files keep the code in slot 3; older ones, with codes below 127, only in slot 0.
    private static (BuiltinOperator Code, string? CustomName) ReadCode(FlatTable table)
    {
        var code = (BuiltinOperator)Math.Max(table.Int8(0), table.Int32(3));
        return (code, code == BuiltinOperator.Custom ? table.Text(1) : null);
    }

    private static TfliteOperator ReadOperator(FlatTable table, (BuiltinOperator Code, string? CustomName)[] codes, int tensors)
    {
        var index = table.UInt32(0);
        if (index >= codes.Length)
            throw FlatSource.Broken($"it refers to operator code {index} of {codes.Length}");
        var (code, customName) = codes[index];
        var inputs = Indices(table.Int32s(1), tensors, lowest: -1);
        var outputs = Indices(table.Int32s(2), tensors, lowest: 0);
        return new TfliteOperator(code, inputs, outputs, ReadOptions(table, code)) { CustomName = customName };
    }

    private static OperatorOptions? ReadOptions(FlatTable table, BuiltinOperator code)
    {
        var union = table.UInt8(3);
        if (OperatorForm.Find(code) is not { Read: { } read } form || union == 0)
            return null;
        if (union != form.Union || table.Table(4) is not { } options)
            throw FlatSource.Broken($"an operator {code} has options of kind {union}, expected {form.Union}");
        return read(options);
    }

    private static int[] Indices(int[] indices, int tensors, int lowest)
    {
        foreach (var index in indices)
        {
            if (index < lowest || index >= tensors)
                throw FlatSource.Broken($"it refers to tensor {index} of {tensors}");
        }

        return indices;
    }
}
