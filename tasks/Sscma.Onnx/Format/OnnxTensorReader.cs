using System.Runtime.InteropServices;

namespace Sscma.Onnx;

/// <summary>TensorProto → constant. Elements may come as raw bytes or in a typed list; here they always become raw bytes.</summary>
internal static class OnnxTensorReader
{
    public static OnnxTensor Tensor(byte[] bytes)
    {
        var name = "";
        var type = OnnxType.Undefined;
        byte[]? raw = null;
        List<long> shape = [], ints = [], longs = [];
        List<float> floats = [];
        List<double> doubles = [];
        var external = false;
        foreach (var part in ProtoMessage.Fields(bytes))
        {
            switch (part.Field)
            {
                case Field.Tensor.Dims: part.Longs(shape); break;
                case Field.Tensor.DataType: type = (OnnxType)part.Long(); break;
                case Field.Tensor.FloatData: part.Floats(floats); break;
                case Field.Tensor.Int32Data: part.Longs(ints); break;
                case Field.Tensor.Int64Data: part.Longs(longs); break;
                case Field.Tensor.DoubleData: part.Doubles(doubles); break;
                case Field.Tensor.Name: name = part.Text(); break;
                case Field.Tensor.RawData: raw = part.Bytes(); break;
                case Field.Tensor.DataLocation: external |= part.Long() != 0; break;
                case Field.Tensor.ExternalData: external = true; break;
            }
        }

        if (external)
            throw new InvalidDataException($"the data of constant '{name}' lies in another file; save the model with its data inside");
        raw ??= Raw(name, type, floats, ints, longs, doubles);
        var size = SizeOf(type, name);
        var expected = shape.Aggregate((Int128)size, (product, extent) => extent < 0 ? -1 : product * extent);
        if (expected != raw.Length)
            throw new InvalidDataException($"constant '{name}' has {raw.Length} bytes, its shape [{string.Join(',', shape)}] of {type} needs {expected}");
        return new OnnxTensor(name, [.. shape], type, raw);
    }

    private static byte[] Raw(string name, OnnxType type, List<float> floats, List<long> ints, List<long> longs, List<double> doubles) => type switch
    {
        OnnxType.Float => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(floats)).ToArray(),
        OnnxType.Double => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(doubles)).ToArray(),
        OnnxType.Int64 => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(longs)).ToArray(),
        OnnxType.Int32 => MemoryMarshal.AsBytes<int>(ints.ConvertAll(value => (int)value).ToArray()).ToArray(),
        OnnxType.Float16 => MemoryMarshal.AsBytes<ushort>(ints.ConvertAll(value => (ushort)value).ToArray()).ToArray(),
        OnnxType.Int16 => MemoryMarshal.AsBytes<short>(ints.ConvertAll(value => (short)value).ToArray()).ToArray(),
        OnnxType.UInt8 or OnnxType.Int8 or OnnxType.Bool => [.. ints.Select(value => (byte)value)],
        _ => throw new InvalidDataException($"constant '{name}' has the element type {(int)type}, which is not read"),
    };

    private static int SizeOf(OnnxType type, string name) => type switch
    {
        OnnxType.Int64 or OnnxType.Double => 8,
        OnnxType.Float or OnnxType.Int32 => 4,
        OnnxType.Float16 or OnnxType.Int16 => 2,
        OnnxType.UInt8 or OnnxType.Int8 or OnnxType.Bool => 1,
        _ => throw new InvalidDataException($"constant '{name}' has the element type {(int)type}, which is not read"),
    };
}
