using Google.Protobuf;

namespace Sscma.Onnx;

/// <summary>Walks the fields of one protobuf message in the order of the file.</summary>
internal sealed class ProtoMessage : IDisposable
{
    private readonly CodedInputStream _input;
    private WireFormat.WireType _wire;
    private bool _taken;

    private ProtoMessage(byte[] bytes) => _input = new CodedInputStream(bytes);

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Every field in turn; one that is not read inside the loop is skipped.</summary>
    public static IEnumerable<ProtoMessage> Fields(byte[] bytes)
    {
        using var message = new ProtoMessage(bytes);
        while (message._input.ReadTag() is var tag and not 0)
        {
            message.Field = WireFormat.GetTagFieldNumber(tag);
            message._wire = WireFormat.GetTagWireType(tag);
            message._taken = false;
            yield return message;
            if (!message._taken)
                message._input.SkipLastField();
        }
    }

    public void Dispose() => _input.Dispose();

    public long Long() => Take(WireFormat.WireType.Varint).ReadInt64();

    public float Float() => Take(WireFormat.WireType.Fixed32).ReadFloat();

    public string Text() => Take(WireFormat.WireType.LengthDelimited).ReadBytes().ToStringUtf8();

    public byte[] Bytes() => Take(WireFormat.WireType.LengthDelimited).ReadBytes().ToByteArray();

    public void Longs(List<long> values) => Repeated(WireFormat.WireType.Varint, static input => input.ReadInt64(), values);

    public void Floats(List<float> values) => Repeated(WireFormat.WireType.Fixed32, static input => input.ReadFloat(), values);

    public void Doubles(List<double> values) => Repeated(WireFormat.WireType.Fixed64, static input => input.ReadDouble(), values);

    /// <summary>A repeated number comes one by one or packed into one field; writers differ, and so do versions of onnx.proto.</summary>
    private void Repeated<T>(WireFormat.WireType single, Func<CodedInputStream, T> read, List<T> values)
    {
        if (_wire == single)
        {
            values.Add(read(Take(single)));
            return;
        }

        using var packed = new CodedInputStream(Bytes());
        while (!packed.IsAtEnd)
            values.Add(read(packed));
    }

    private CodedInputStream Take(WireFormat.WireType expected)
    {
        if (_wire != expected)
            throw new InvalidDataException($"field {Field} is encoded as {_wire}, {expected} was expected");
        _taken = true;
        return _input;
    }
}
