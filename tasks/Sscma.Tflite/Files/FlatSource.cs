using System.Buffers.Binary;
using Sscma.Diagnostics;

namespace Sscma.Tflite;

/// <summary>
/// The bytes of a FlatBuffers file, read with every bound checked. A hostile file can let many vectors share the same bytes;
/// what is read in all is therefore limited to a small multiple of the file's size, so that reading ends soon on any input.
/// </summary>
internal sealed class FlatSource(ReadOnlyMemory<byte> file)
{
    private long _budget = 64 + (8L * file.Length);

    public int Length => file.Length;

    public int Int32(long position) => BinaryPrimitives.ReadInt32LittleEndian(Bytes(position, 4));

    public uint UInt32(long position) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(position, 4));

    public ushort UInt16(long position) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(position, 2));

    public ReadOnlySpan<byte> Bytes(long position, long count)
    {
        Check(position, count);
        if ((_budget -= count) < 0)
            throw Broken("its parts overlap");
        return file.Span.Slice((int)position, (int)count);
    }

    /// <summary>Position that a 32-bit offset at <paramref name="position"/> leads to.</summary>
    public long Follow(long position)
    {
        var offset = UInt32(position);
        if (offset == 0)
            throw Broken($"the offset at byte {position} is 0");
        var target = position + offset;
        Check(target, 4);
        return target;
    }

    /// <summary>Checks that a range lies inside the file.</summary>
    public void Check(long position, long count)
    {
        if (position < 0 || count < 0 || position + count > file.Length)
            throw Broken($"it refers to byte {Math.Max(position, position + count)} of {file.Length}");
    }

    public static DiagnosticException Broken(string what) => new(
        Codes.TfliteFileInvalid,
        $"the .tflite file is damaged: {what}. Was it cut short or changed? Export the model again.");
}
