using System.Buffers.Binary;
using System.Text;

namespace Sscma.Tflite;

/// <summary>One table of a FlatBuffers file: fields by slot number, absent ones as their default.</summary>
internal readonly struct FlatTable
{
    private readonly FlatSource _source;
    private readonly long _position;
    private readonly long _fieldOffsets;
    private readonly int _slots;
    private readonly int _length;

    public FlatTable(FlatSource source, long position)
    {
        (_source, _position) = (source, position);
        var directory = position - source.Int32(position);
        var directoryLength = source.UInt16(directory);
        _length = source.UInt16(directory + 2);
        if (directoryLength < 4 || directoryLength % 2 != 0 || _length < 4)
            throw FlatSource.Broken($"the table at byte {position} has a wrong directory");
        source.Check(directory, directoryLength);
        source.Check(position, _length);
        _fieldOffsets = directory + 4;
        _slots = (directoryLength - 4) / 2;
    }

    public int Int32(int slot, int absent = 0) =>
        Field(slot, 4) is var at && at >= 0 ? _source.Int32(at) : absent;

    public uint UInt32(int slot, uint absent = 0) =>
        Field(slot, 4) is var at && at >= 0 ? _source.UInt32(at) : absent;

    public float Float(int slot, float absent = 0) =>
        Field(slot, 4) is var at && at >= 0 ? BitConverter.Int32BitsToSingle(_source.Int32(at)) : absent;

    public byte UInt8(int slot, byte absent = 0) =>
        Field(slot, 1) is var at && at >= 0 ? _source.Bytes(at, 1)[0] : absent;

    public sbyte Int8(int slot, sbyte absent = 0) => (sbyte)UInt8(slot, (byte)absent);

    public bool Bool(int slot, bool absent = false) => UInt8(slot, absent ? (byte)1 : (byte)0) != 0;

    public FlatTable? Table(int slot) =>
        Field(slot, 4) is var at && at >= 0 ? new FlatTable(_source, _source.Follow(at)) : null;

    public string Text(int slot) => Encoding.UTF8.GetString(Vector(slot, 1));

    public byte[] Bytes(int slot) => Vector(slot, 1).ToArray();

    public int[] Int32s(int slot)
    {
        var bytes = Vector(slot, sizeof(int));
        var numbers = new int[bytes.Length / sizeof(int)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        return numbers;
    }

    public long[] Int64s(int slot)
    {
        var bytes = Vector(slot, sizeof(long));
        var numbers = new long[bytes.Length / sizeof(long)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * sizeof(long))..]);
        return numbers;
    }

    public float[] Floats(int slot) => [.. Int32s(slot).Select(BitConverter.Int32BitsToSingle)];

    /// <summary>A vector of tables; empty when absent.</summary>
    public FlatTable[] Tables(int slot)
    {
        var (first, count) = Range(slot, 4);
        var tables = new FlatTable[count];
        for (var i = 0; i < count; i++)
            tables[i] = new FlatTable(_source, _source.Follow(first + (4L * i)));
        return tables;
    }

    private ReadOnlySpan<byte> Vector(int slot, int elementSize)
    {
        var (first, count) = Range(slot, elementSize);
        return count == 0 ? [] : _source.Bytes(first, (long)count * elementSize);
    }

    private (long First, int Count) Range(int slot, int elementSize)
    {
        var at = Field(slot, 4);
        if (at < 0)
            return (0, 0);
        var vector = _source.Follow(at);
        var count = _source.UInt32(vector);
        _source.Check(vector + 4, count * (long)elementSize);
        return (vector + 4, (int)count);
    }

    // Where a field lies, or -1 when it is absent.
    private long Field(int slot, int size)
    {
        if (slot >= _slots)
            return -1;
        var offset = _source.UInt16(_fieldOffsets + (2 * slot));
        if (offset == 0)
            return -1;
        if (offset < 4 || offset + size > _length)
            throw FlatSource.Broken($"field {slot} lies outside its table at byte {_position}");
        return _position + offset;
    }
}
