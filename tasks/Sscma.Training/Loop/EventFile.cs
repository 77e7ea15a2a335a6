using System.Buffers.Binary;
using System.Text;
using Sscma.Training.Weights;

namespace Sscma.Training.Loop;

/// <summary>
/// Scalars as TensorBoard reads them: records (length, checksum, bytes, checksum) of Event messages. Source: tensorflow/core/util/event.proto and
/// summary.proto; the framing of tensorflow/core/lib/io/record_writer.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Opens the file.</summary>
    /// <param name="path">Its name must hold "tfevents".</param>
    /// <param name="resumedAt">The iteration at which an interrupted training goes on; what the file has of later ones does not count any more. Null for a new file.</param>
    public EventFile(string path, long? resumedAt)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (resumedAt is not null && File.Exists(path))
            CutTail(path);
        _file = new FileStream(path, resumedAt is null ? FileMode.Create : FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        if (_file.Position == 0)
            Write(0, 3, "brain.Event:2"u8);
        if (resumedAt is { } step)
            Write(step, 7, [1 << 3, 1]); // SessionLog { status: START }
    }

    /// <summary>Writes values of one step.</summary>
    public void Write(long step, params ReadOnlySpan<(string Tag, double Value)> scalars)
    {
        using var summary = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        foreach (var (tag, value) in scalars)
        {
            var name = Encoding.UTF8.GetBytes(tag);
            using var one = new MemoryStream();
            Field(one, 1, name);
            one.WriteByte((2 << 3) | 5);
            BinaryPrimitives.WriteSingleLittleEndian(number, (float)value);
            one.Write(number);
            Field(summary, 1, one.ToArray());
        }

        Write(step, 5, summary.ToArray());
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Writes an Event: wall_time (1), step (2) and one field of bytes.</summary>
    private void Write(long step, int field, ReadOnlySpan<byte> content)
    {
        using var message = new MemoryStream();
        message.WriteByte((1 << 3) | 1);
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(time, (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds);
        message.Write(time);
        message.WriteByte(2 << 3);
        Number(message, (ulong)step);
        Field(message, field, content);
        Record(message.ToArray());
    }

    private void Record(byte[] bytes)
    {
        Span<byte> length = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(length[8..], Masked(length[..8]));
        Span<byte> checksum = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Masked(bytes));
        _file.Write([.. length, .. bytes, .. checksum]);
        _file.Flush();
    }

    // A reader stops at a record that is not whole, and would see nothing of what follows it.
    private static void CutTail(string path)
    {
        var bytes = File.ReadAllBytes(path);
        long whole = 0;
        while (RecordAt(bytes.AsSpan((int)whole)) is > 0 and var length)
            whole += length;
        if (whole < bytes.Length)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            file.SetLength(whole);
        }
    }

    /// <summary>Length of the whole record at the beginning of some bytes, 0 if there is none.</summary>
    private static int RecordAt(ReadOnlySpan<byte> bytes)
    {
        const int Head = 12, Foot = 4;
        if (bytes.Length < Head || BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Masked(bytes[..8]))
            return 0;
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (length > (ulong)(bytes.Length - Head) || bytes.Length - Head - (int)length < Foot)
            return 0;
        var message = bytes.Slice(Head, (int)length);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[(Head + message.Length)..]) == Masked(message) ? Head + message.Length + Foot : 0;
    }

    private static void Field(Stream target, int field, ReadOnlySpan<byte> bytes)
    {
        target.WriteByte((byte)((field << 3) | 2));
        Number(target, (ulong)bytes.Length);
        target.Write(bytes);
    }

    private static void Number(Stream target, ulong value)
    {
        for (; value > 127; value >>= 7)
            target.WriteByte((byte)(value | 128));
        target.WriteByte((byte)value);
    }

    // A checksum of bytes that hold checksums would be weak; so they are rotated and shifted.
    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var checksum = Crc32.Castagnoli.Of(bytes);
        return ((checksum >> 15) | (checksum << 17)) + 0xa282ead8;
    }
}
