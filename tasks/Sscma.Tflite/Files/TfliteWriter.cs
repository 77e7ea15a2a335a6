using System.Runtime.InteropServices;
using Google.FlatBuffers;

namespace Sscma.Tflite;

/// <summary>
/// From the object model to the tables of a file. FlatBuffers are built from the end, children before their parents. Everything is
/// written in the order of the model's lists (metadata: ordinal order of names), so the same model gives the same bytes.
/// </summary>
internal sealed class TfliteWriter
{
    // Microcontrollers read weights in place, with vector loads.
    private const int DataAlignment = 16;

    private readonly FlatBufferBuilder _builder = new(1 << 16);
    private readonly TfliteModel _model;
    private readonly List<byte[]> _buffers = [[]];
    private readonly Dictionary<byte[], int> _bufferIndices = new(ReferenceEqualityComparer.Instance);
    private readonly List<(BuiltinOperator Code, int Version)> _codes = [];

    private TfliteWriter(TfliteModel model) => _model = model;

    public static byte[] Write(TfliteModel model) => new TfliteWriter(model).Write();

    /// <summary>Writes a vector of int32 and returns its offset.</summary>
    public static int Vector(FlatBufferBuilder builder, int[] numbers)
    {
        builder.StartVector(sizeof(int), numbers.Length, sizeof(int));
        for (var i = numbers.Length - 1; i >= 0; i--)
            builder.AddInt(numbers[i]);
        return builder.EndVector().Value;
    }

    private byte[] Write()
    {
        var graph = WriteGraph();
        var entries = _model.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(WriteMetadata).ToArray();
        var metadata = entries.Length > 0 ? TableVector(entries) : 0;
        var graphs = TableVector([graph]);
        var codes = TableVector([.. _codes.Select(WriteCode)]);
        var buffers = TableVector([.. _buffers.Select(WriteBuffer)]);
        var description = _builder.CreateString(_model.Description).Value;

        _builder.StartTable(8);
        _builder.AddUint(0, 3, 0);
        _builder.AddOffset(1, codes, 0);
        _builder.AddOffset(2, graphs, 0);
        _builder.AddOffset(3, description, 0);
        _builder.AddOffset(4, buffers, 0);
        _builder.AddOffset(6, metadata, 0);
        _builder.Finish(_builder.EndTable(), "TFL3");
        return _builder.SizedByteArray();
    }

    private int WriteGraph()
    {
        var tensors = TableVector([.. _model.Tensors.Select(WriteTensor)]);
        var operators = TableVector([.. _model.Operators.Select(WriteOperator)]);
        var inputs = Vector(_builder, _model.Inputs);
        var outputs = Vector(_builder, _model.Outputs);
        var name = _builder.CreateString("main").Value;
        _builder.StartTable(5);
        _builder.AddOffset(0, tensors, 0);
        _builder.AddOffset(1, inputs, 0);
        _builder.AddOffset(2, outputs, 0);
        _builder.AddOffset(3, operators, 0);
        _builder.AddOffset(4, name, 0);
        return _builder.EndTable();
    }

    private int WriteTensor(TfliteTensor tensor)
    {
        if (tensor.Data is { } data && data.Length != tensor.Count * tensor.Type.Size())
            throw new ArgumentException($"tensor '{tensor.Name}' has {data.Length} bytes, its shape needs {tensor.Count * tensor.Type.Size()}");
        var quantization = tensor.Quantization is null ? 0 : WriteQuantization(tensor.Quantization);
        var shape = Vector(_builder, tensor.Shape);
        var name = _builder.CreateString(tensor.Name).Value;
        _builder.StartTable(5);
        _builder.AddOffset(0, shape, 0);
        _builder.AddSbyte(1, (sbyte)tensor.Type, 0);
        _builder.AddUint(2, (uint)BufferIndex(tensor.Data), 0);
        _builder.AddOffset(3, name, 0);
        _builder.AddOffset(4, quantization, 0);
        return _builder.EndTable();
    }

    private int WriteQuantization(TfliteQuantization quantization)
    {
        var zeroPoints = WriteVector(MemoryMarshal.AsBytes<long>(quantization.ZeroPoints), sizeof(long), sizeof(long));
        var scales = WriteVector(MemoryMarshal.AsBytes<float>(quantization.Scales), sizeof(float), sizeof(float));
        _builder.StartTable(7);
        _builder.AddOffset(2, scales, 0);
        _builder.AddOffset(3, zeroPoints, 0);
        _builder.AddInt(6, quantization.Dimension, 0);
        return _builder.EndTable();
    }

    private int WriteOperator(TfliteOperator node)
    {
        var form = OperatorForm.Find(node.Code) ?? throw new ArgumentException($"the operator {node.Code} cannot be written");
        var options = 0;
        if (form.Union != 0)
            options = WriteOptions(form, node);
        var inputs = Vector(_builder, node.Inputs);
        var outputs = Vector(_builder, node.Outputs);
        _builder.StartTable(5);
        _builder.AddUint(0, (uint)CodeIndex((node.Code, form.VersionOf(node, TypeOf(node)))), 0);
        _builder.AddOffset(1, inputs, 0);
        _builder.AddOffset(2, outputs, 0);
        _builder.AddByte(3, options == 0 ? (byte)0 : form.Union, 0);
        _builder.AddOffset(4, options, 0);
        return _builder.EndTable();
    }

    // What it computes with: a Dequantize is named by what it reads, every other operator by what it makes.
    private TensorType TypeOf(TfliteOperator node) =>
        _model.Tensors[node.Code == BuiltinOperator.Dequantize ? node.Inputs[0] : node.Outputs[0]].Type;

    private int WriteOptions(OperatorForm form, TfliteOperator node)
    {
        if (form.Write is { } write)
        {
            // A reshape may leave its shape to its second operand alone.
            if (node.Options is null && node.Code == BuiltinOperator.Reshape)
                return 0;
            return write(_builder, node.Options ?? throw new ArgumentException($"the operator {node.Code} has no options"));
        }

        _builder.StartTable(0);
        return _builder.EndTable();
    }

    // Codes below 127 also stand in the old slot 0, for old readers; greater ones leave its largest value there.
    private int WriteCode((BuiltinOperator Code, int Version) entry)
    {
        _builder.StartTable(4);
        _builder.AddSbyte(0, (sbyte)Math.Min((int)entry.Code, 127), 0);
        _builder.AddInt(2, entry.Version, 1);
        _builder.AddInt(3, (int)entry.Code, 0);
        return _builder.EndTable();
    }

    private int WriteBuffer(byte[] data)
    {
        var vector = data.Length == 0 ? 0 : WriteVector(data, 1, DataAlignment);
        _builder.StartTable(1);
        _builder.AddOffset(0, vector, 0);
        return _builder.EndTable();
    }

    private int WriteMetadata(KeyValuePair<string, byte[]> entry)
    {
        var name = _builder.CreateString(entry.Key).Value;
        _builder.StartTable(2);
        _builder.AddOffset(0, name, 0);
        _builder.AddUint(1, (uint)BufferIndex(entry.Value), 0);
        return _builder.EndTable();
    }

    private int WriteVector(ReadOnlySpan<byte> bytes, int elementSize, int alignment)
    {
        _builder.StartVector(elementSize, bytes.Length / elementSize, alignment);
        _builder.Pad(bytes.Length);
        bytes.CopyTo(_builder.DataBuffer.ToArraySegment(_builder.DataBuffer.Length - _builder.Offset, bytes.Length));
        return _builder.EndVector().Value;
    }

    private int TableVector(int[] tables)
    {
        _builder.StartVector(sizeof(int), tables.Length, sizeof(int));
        for (var i = tables.Length - 1; i >= 0; i--)
            _builder.AddOffset(tables[i]);
        return _builder.EndVector().Value;
    }

    // Buffer 0 is empty: the data of every tensor that has none.
    private int BufferIndex(byte[]? data)
    {
        if (data is null || data.Length == 0)
            return 0;
        if (_bufferIndices.TryGetValue(data, out var index))
            return index;
        _buffers.Add(data);
        return _bufferIndices[data] = _buffers.Count - 1;
    }

    private int CodeIndex((BuiltinOperator Code, int Version) code)
    {
        var index = _codes.IndexOf(code);
        if (index >= 0)
            return index;
        _codes.Add(code);
        return _codes.Count - 1;
    }
}
