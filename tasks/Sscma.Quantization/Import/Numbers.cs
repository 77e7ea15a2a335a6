using System.Runtime.InteropServices;
using Sscma.Onnx;

namespace Sscma.Quantization.Import;

/// <summary>A constant while it is computed with: doubles hold every element type exactly, whole numbers up to 2^53.</summary>
internal sealed record Numbers(double[] Data, long[] Shape, OnnxType Type)
{
    /// <summary>More elements than this are not folded; weights of that size do not go to a microcontroller.</summary>
    public const long Most = 1 << 24;

    public static Numbers? Of(OnnxTensor tensor)
    {
        if (tensor.Count > Most)
            return null;
        var bytes = tensor.Bytes.Span;
        double[]? data = tensor.Type switch
        {
            OnnxType.Float => Array.ConvertAll(tensor.Floats(), value => (double)value),
            OnnxType.Int64 => Array.ConvertAll(tensor.Longs(), value => (double)value),
            OnnxType.Int32 => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), value => (double)value),
            OnnxType.Double => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
            OnnxType.Float16 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), value => (double)value),
            OnnxType.Int16 => Array.ConvertAll(MemoryMarshal.Cast<byte, short>(bytes).ToArray(), value => (double)value),
            OnnxType.Int8 => Array.ConvertAll(bytes.ToArray(), value => (double)(sbyte)value),
            OnnxType.UInt8 or OnnxType.Bool => Array.ConvertAll(bytes.ToArray(), value => (double)value),
            _ => null,
        };
        return data is null ? null : new Numbers(data, tensor.Shape, tensor.Type);
    }

    /// <summary>The constant; null where no constant of this type is kept.</summary>
    public OnnxTensor? ToTensor(string name) => Type switch
    {
        OnnxType.Float => OnnxTensor.From(name, Array.ConvertAll(Data, value => (float)value), Shape),
        OnnxType.Int64 => OnnxTensor.From(name, Array.ConvertAll(Data, value => (long)value), Shape),
        OnnxType.Int32 => new OnnxTensor(name, Shape, Type, MemoryMarshal.AsBytes<int>(Array.ConvertAll(Data, value => (int)value)).ToArray()),
        OnnxType.Double => new OnnxTensor(name, Shape, Type, MemoryMarshal.AsBytes<double>(Data).ToArray()),
        OnnxType.Float16 => new OnnxTensor(name, Shape, Type, MemoryMarshal.AsBytes<Half>(Array.ConvertAll(Data, value => (Half)value)).ToArray()),
        OnnxType.Int16 => new OnnxTensor(name, Shape, Type, MemoryMarshal.AsBytes<short>(Array.ConvertAll(Data, value => (short)value)).ToArray()),
        OnnxType.Int8 => new OnnxTensor(name, Shape, Type, Array.ConvertAll(Data, value => (byte)(sbyte)value)),
        OnnxType.UInt8 or OnnxType.Bool => new OnnxTensor(name, Shape, Type, Array.ConvertAll(Data, value => (byte)value)),
        _ => null,
    };

    public bool IsWhole => Type is not (OnnxType.Float or OnnxType.Double or OnnxType.Float16);

    /// <summary>A place along an axis of this, -1 being the last.</summary>
    public int Axis(long axis) => axis >= -Shape.Length && axis < Shape.Length
        ? (int)(axis < 0 ? axis + Shape.Length : axis)
        : throw new InvalidDataException($"the axis {axis} does not fit a constant of {Shape.Length} axes");

    /// <summary>Number of elements of a shape, if it may be folded.</summary>
    public static int CountOf(IEnumerable<long> shape)
    {
        var count = 1L;
        foreach (var extent in shape)
        {
            if (extent is < 0 or > Most || (count *= extent) > Most)
                throw new InvalidDataException("a constant of this shape is too large or has a negative extent");
        }

        return (int)count;
    }

    /// <summary>The elements at places that a function tells from a place in the result.</summary>
    public Numbers Pick(long[] shape, Func<long[], long[]> source)
    {
        var data = new double[CountOf(shape)];
        var place = new long[shape.Length];
        for (var i = 0; i < data.Length; i++)
        {
            long rest = i;
            for (var axis = shape.Length - 1; axis >= 0; axis--)
                (rest, place[axis]) = (rest / shape[axis], rest % shape[axis]);
            var from = source(place);
            long at = 0;
            for (var axis = 0; axis < Shape.Length; axis++)
                at = (at * Shape[axis]) + (from[axis] >= 0 && from[axis] < Shape[axis] ? from[axis] : throw new InvalidDataException("an index lies outside its constant"));
            data[i] = Data[at];
        }

        return new Numbers(data, shape, Type);
    }

    /// <summary>Spread over a shape by ONNX's broadcasting.</summary>
    public Numbers Broadcast(long[] shape)
    {
        if (Shape.SequenceEqual(shape))
            return this;
        var lead = shape.Length - Shape.Length;
        if (lead < 0 || Shape.Where((extent, axis) => extent != 1 && extent != shape[axis + lead]).Any())
            throw new InvalidDataException($"the shape [{string.Join(',', Shape)}] does not spread over [{string.Join(',', shape)}]");
        var from = new long[Shape.Length];
        return Pick(shape, place =>
        {
            for (var axis = 0; axis < from.Length; axis++)
                from[axis] = Shape[axis] == 1 ? 0 : place[axis + lead];
            return from;
        });
    }
}
