using Google.FlatBuffers;
using Sscma.Tflite.Schema;

namespace Sscma.Tflite;

/// <summary>
/// From the object model to the tables of a file. FlatBuffers are built from the end, children before their parents. Everything is
/// written in the order of the model's lists (metadata: ordinal order of names), so the same model gives the same bytes.
/// </summary>
internal sealed class TfliteWriter
{
    private const uint SchemaVersion = 3;

    // Microcontrollers read weights in place, with vector loads. (flatc's C# code does not heed the schema's force_align.)
    private const int DataAlignment = 16;

    private readonly FlatBufferBuilder _builder = new(1 << 16);
    private readonly TfliteModel _model;
    private readonly List<byte[]> _buffers = [[]];
    private readonly Dictionary<byte[], int> _bufferIndices = new(ReferenceEqualityComparer.Instance);
    private readonly List<(BuiltinOperator Code, int Version)> _codes = [];

    private TfliteWriter(TfliteModel model) => _model = model;

    public static byte[] Write(TfliteModel model) => new TfliteWriter(model).Write();

    private byte[] Write()
    {
        var graph = WriteGraph();
        var entries = _model.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(WriteMetadata).ToArray();
        var metadata = entries.Length > 0 ? Schema.Model.CreateMetadataVector(_builder, entries) : default;
        var graphs = Schema.Model.CreateSubgraphsVector(_builder, [graph]);
        var codes = Schema.Model.CreateOperatorCodesVector(_builder, [.. _codes.Select(WriteCode)]);
        var buffers = Schema.Model.CreateBuffersVector(_builder, [.. _buffers.Select(WriteBuffer)]);
        var description = _builder.CreateString(_model.Description);
        Schema.Model.FinishModelBuffer(_builder, Schema.Model.CreateModel(_builder, SchemaVersion, codes, graphs, description, buffers, metadata));
        return _builder.SizedByteArray();
    }

    private Offset<SubGraph> WriteGraph()
    {
        var tensors = SubGraph.CreateTensorsVector(_builder, [.. _model.Tensors.Select(WriteTensor)]);
        var operators = SubGraph.CreateOperatorsVector(_builder, [.. _model.Operators.Select(WriteOperator)]);
        var inputs = SubGraph.CreateInputsVectorBlock(_builder, _model.Inputs);
        var outputs = SubGraph.CreateOutputsVectorBlock(_builder, _model.Outputs);
        return SubGraph.CreateSubGraph(_builder, tensors, inputs, outputs, operators, _builder.CreateString("main"));
    }

    private Offset<Tensor> WriteTensor(TfliteTensor tensor)
    {
        if (tensor.Data is { } data && data.Length != tensor.Count * tensor.Type.Size())
            throw new ArgumentException($"tensor '{tensor.Name}' has {data.Length} bytes, its shape needs {tensor.Count * tensor.Type.Size()}");
        var quantization = tensor.Quantization is null ? default : WriteQuantization(tensor.Quantization);
        var shape = Tensor.CreateShapeVectorBlock(_builder, tensor.Shape);
        var name = _builder.CreateString(tensor.Name);
        return Tensor.CreateTensor(_builder, shape, tensor.Type, BufferIndex(tensor.Data), name, quantization);
    }

    private Offset<QuantizationParameters> WriteQuantization(TfliteQuantization quantization)
    {
        var zeroPoints = QuantizationParameters.CreateZeroPointVectorBlock(_builder, quantization.ZeroPoints);
        var scales = QuantizationParameters.CreateScaleVectorBlock(_builder, quantization.Scales);
        return QuantizationParameters.CreateQuantizationParameters(_builder, scales, zeroPoints, quantized_dimension: quantization.Dimension);
    }

    private Offset<Operator> WriteOperator(TfliteOperator node)
    {
        var form = OperatorForm.Find(node.Code) ?? throw new ArgumentException($"the operator {node.Code} cannot be written");
        var options = form.Kind == BuiltinOptions.NONE ? 0 : WriteOptions(form, node);
        var inputs = Operator.CreateInputsVectorBlock(_builder, node.Inputs);
        var outputs = Operator.CreateOutputsVectorBlock(_builder, node.Outputs);
        var code = CodeIndex((node.Code, form.VersionOf(node, TypeOf(node))));
        return Operator.CreateOperator(_builder, code, inputs, outputs, options == 0 ? BuiltinOptions.NONE : form.Kind, options);
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

    // Codes below 127 also stand in the old field, for old readers; greater ones leave its largest value there.
    private Offset<OperatorCode> WriteCode((BuiltinOperator Code, int Version) entry) => OperatorCode.CreateOperatorCode(
        _builder, (sbyte)Math.Min((int)entry.Code, 127), version: entry.Version, builtin_code: entry.Code);

    private Offset<Schema.Buffer> WriteBuffer(byte[] data) => Schema.Buffer.CreateBuffer(_builder, data.Length == 0 ? default : WriteData(data));

    private VectorOffset WriteData(byte[] data)
    {
        _builder.StartVector(sizeof(byte), data.Length, DataAlignment);
        _builder.Add(data);
        return _builder.EndVector();
    }

    private Offset<Metadata> WriteMetadata(KeyValuePair<string, byte[]> entry) =>
        Metadata.CreateMetadata(_builder, _builder.CreateString(entry.Key), BufferIndex(entry.Value));

    // Buffer 0 is empty: the data of every tensor that has none.
    private uint BufferIndex(byte[]? data)
    {
        if (data is null || data.Length == 0)
            return 0;
        if (_bufferIndices.TryGetValue(data, out var index))
            return (uint)index;
        _buffers.Add(data);
        _bufferIndices[data] = _buffers.Count - 1;
        return (uint)_buffers.Count - 1;
    }

    private uint CodeIndex((BuiltinOperator Code, int Version) code)
    {
        var index = _codes.IndexOf(code);
        if (index >= 0)
            return (uint)index;
        _codes.Add(code);
        return (uint)_codes.Count - 1;
    }
}
