using System.Runtime.InteropServices;
using Google.FlatBuffers;
using Sscma.Diagnostics;

namespace Sscma.Tflite;

/// <summary>From the tables of a verified file to the object model. What the schema cannot say is checked here: indices, shapes, sizes.</summary>
internal sealed class TfliteReader
{
    private const int MaxRank = 8;
    private const int SchemaVersion = 3;

    private readonly Schema.Model _model;
    private readonly byte[]?[] _data;

    private TfliteReader(Schema.Model model) => (_model, _data) = (model, new byte[model.BuffersLength][]);

    public static TfliteModel Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length < 8 || !file.Span.Slice(4, 4).SequenceEqual("TFL3"u8))
            throw new DiagnosticException(Codes.TfliteFileInvalid, "this is no .tflite file: its bytes 4 to 8 are not 'TFL3'. Give a file made by the export.");
        var bytes = new ByteBuffer(MemoryMarshal.TryGetArray(file, out var part) && part.Count == part.Array!.Length ? part.Array : file.ToArray());
        new FlatVerifier(bytes).Verify(Schema.ModelVerify.Verify);
        return new TfliteReader(Schema.Model.GetRootAsModel(bytes)).ReadModel();
    }

    private TfliteModel ReadModel()
    {
        if (_model.Version != SchemaVersion)
            throw TfliteFile.Damaged($"its schema version is {_model.Version}, expected {SchemaVersion}");
        if (_model.SubgraphsLength != 1)
            throw TfliteFile.Damaged($"it has {_model.SubgraphsLength} graphs, expected 1");

        var graph = _model.Subgraphs(0)!.Value;
        var tensors = All(graph.TensorsLength, i => ReadTensor(graph.Tensors(i)!.Value));
        var codes = All(_model.OperatorCodesLength, i => ReadCode(_model.OperatorCodes(i)!.Value));
        return new TfliteModel
        {
            Description = _model.Description ?? "",
            Tensors = tensors,
            Operators = All(graph.OperatorsLength, i => ReadOperator(graph.Operators(i)!.Value, codes, tensors.Length)),
            Inputs = Indices(graph.GetInputsArray(), tensors.Length, lowest: 0),
            Outputs = Indices(graph.GetOutputsArray(), tensors.Length, lowest: 0),
            Metadata = ReadMetadata(),
        };
    }

    private Dictionary<string, byte[]> ReadMetadata()
    {
        var metadata = new Dictionary<string, byte[]>();
        for (var i = 0; i < _model.MetadataLength; i++)
        {
            var entry = _model.Metadata(i)!.Value;
            metadata[entry.Name ?? ""] = Data(entry.Buffer) ?? [];
        }

        return metadata;
    }

    private TfliteTensor ReadTensor(Schema.Tensor table)
    {
        var name = table.Name ?? "";
        var shape = table.GetShapeArray() ?? [];
        if (shape.Length > MaxRank || shape.Any(extent => extent < 0))
            throw TfliteFile.Damaged($"tensor '{name}' has the shape [{string.Join(",", shape.Take(MaxRank + 1))}]");
        if (table.Sparsity is not null)
            throw TfliteFile.Damaged($"tensor '{name}' is stored sparse, which is not supported");
        if (table.ExternalBuffer != 0)
            throw TfliteFile.Damaged($"tensor '{name}' is stored in another file, which is not supported");

        var tensor = new TfliteTensor(name, shape, table.Type, Data(table.Buffer), ReadQuantization(table.Quantization, name));
        var elementSize = tensor.Type.Size();
        if (tensor.Count > int.MaxValue)
            throw TfliteFile.Damaged($"tensor '{name}' has the shape [{string.Join(",", shape)}], too large");
        if (tensor.Data is not null && elementSize > 0 && tensor.Data.Length != tensor.Count * elementSize)
            throw TfliteFile.Damaged($"tensor '{name}' has {tensor.Data.Length} bytes, its shape needs {tensor.Count * elementSize}");
        return tensor;
    }

    private static TfliteQuantization? ReadQuantization(Schema.QuantizationParameters? table, string name)
    {
        if (table is not { } quantization)
            return null;
        if (quantization.DetailsType != 0)
            throw TfliteFile.Damaged($"tensor '{name}' is quantized in a way {quantization.DetailsType} that is not supported");
        var scales = quantization.GetScaleArray() ?? [];
        if (scales.Length == 0)
            return null;
        var zeroPoints = quantization.GetZeroPointArray() ?? [];
        if (zeroPoints.Length == 0)
            zeroPoints = new long[scales.Length];
        if (zeroPoints.Length != scales.Length)
            throw TfliteFile.Damaged($"tensor '{name}' has {scales.Length} scales and {zeroPoints.Length} zero points");
        return new TfliteQuantization(scales, zeroPoints, quantization.QuantizedDimension);
    }

    private byte[]? Data(uint index)
    {
        if (index >= _data.Length)
            throw TfliteFile.Damaged($"it refers to buffer {index} of {_data.Length}");
        var data = _data[index] ??= ReadBuffer(_model.Buffers((int)index)!.Value, index);
        return data.Length == 0 ? null : data;
    }

    private static byte[] ReadBuffer(Schema.Buffer table, uint index)
    {
        // 0 and 1 mean that the data are where they should be.
        if (table.Offset > 1)
            throw TfliteFile.Damaged($"buffer {index} lies behind the tables of the file, which is not supported");
        return table.GetDataArray() ?? [];
    }

    // Newer files keep the code in slot 3; older ones, with codes below 127, only in slot 0.
    private static (BuiltinOperator Code, string? CustomName) ReadCode(Schema.OperatorCode table)
    {
        var code = (BuiltinOperator)Math.Max(table.DeprecatedBuiltinCode, (int)table.BuiltinCode);
        return (code, code == BuiltinOperator.Custom ? table.CustomCode ?? "" : null);
    }

    private static TfliteOperator ReadOperator(Schema.Operator table, (BuiltinOperator Code, string? CustomName)[] codes, int tensors)
    {
        if (table.OpcodeIndex >= codes.Length)
            throw TfliteFile.Damaged($"it refers to operator code {table.OpcodeIndex} of {codes.Length}");
        var (code, customName) = codes[table.OpcodeIndex];
        var inputs = Indices(table.GetInputsArray(), tensors, lowest: -1);
        var outputs = Indices(table.GetOutputsArray(), tensors, lowest: 0);
        return new TfliteOperator(code, inputs, outputs, ReadOptions(table, code)) { CustomName = customName };
    }

    // Options of operators that are not known, and of those that have none, are passed over.
    private static OperatorOptions? ReadOptions(Schema.Operator table, BuiltinOperator code)
    {
        var kind = table.BuiltinOptionsType;
        if (OperatorForm.Find(code) is not { Read: { } read } form || kind == Schema.BuiltinOptions.NONE)
            return null;
        return (kind == form.Kind ? read(table) : null)
            ?? throw TfliteFile.Damaged($"an operator {code} has options of kind {(byte)kind}, expected {(byte)form.Kind}");
    }

    private static int[] Indices(int[]? indices, int tensors, int lowest)
    {
        foreach (var index in indices ?? [])
        {
            if (index < lowest || index >= tensors)
                throw TfliteFile.Damaged($"it refers to tensor {index} of {tensors}");
        }

        return indices ?? [];
    }

    private static T[] All<T>(int count, Func<int, T> read)
    {
        var all = new T[count];
        for (var i = 0; i < count; i++)
            all[i] = read(i);
        return all;
    }
}
