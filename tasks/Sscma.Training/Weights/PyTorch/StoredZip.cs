using System.Buffers.Binary;
using System.Text;

namespace Sscma.Training.Weights.PyTorch;

/// <summary>
/// A zip archive in memory whose entries are stored as they are, which is how PyTorch writes one; zip64 too. Every offset and length is checked
/// against the file, so nothing is ever allocated that the file does not hold.
/// </summary>
internal sealed class StoredZip
{
    private const uint LocalHeader = 0x04034b50;
    private const uint CentralHeader = 0x02014b50;
    private const uint End = 0x06054b50;
    private const uint End64 = 0x06064b50;
    private const uint End64Locator = 0x07064b50;
    private const int EndLength = 22;
    private const int LongestComment = ushort.MaxValue;
    private const ushort Zip64Extra = 1;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Reads the directory of an archive.</summary>
    /// <exception cref="InvalidDataException">It is no sound archive.</exception>
    public StoredZip(ReadOnlyMemory<byte> file)
    {
        _file = file;
        var (count, at) = FindDirectory();
        for (long i = 0; i < count; i++)
            at = ReadEntry(at);
    }

    /// <summary>The names of all entries, in the order of the archive.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>The bytes of an entry, checked against its checksum.</summary>
    /// <exception cref="InvalidDataException">There is no such entry, or it is compressed or damaged.</exception>
    public ReadOnlyMemory<byte> Read(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new InvalidDataException($"the archive has no entry '{name}'");
        if (entry.Method != 0 || (entry.Flags & 1) != 0 || entry.Length != entry.StoredLength)
            throw new InvalidDataException($"the entry '{name}' is compressed or encrypted; PyTorch stores entries as they are");
        var header = At(entry.Offset, 30).Span;
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalHeader)
            throw new InvalidDataException($"the entry '{name}' is not where the archive's directory says");
        var bytes = At(entry.Offset + 30 + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]), entry.Length);
        return Crc32.Zip.Of(bytes.Span) == entry.Checksum ? bytes : throw new InvalidDataException($"the entry '{name}' is damaged: its checksum does not agree");
    }

    private (long Count, long Offset) FindDirectory()
    {
        var span = _file.Span;
        var least = Math.Max(0, span.Length - EndLength - LongestComment);
        for (var at = span.Length - EndLength; at >= least; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(span[at..]) != End)
                continue;
            var (count, offset) = (BinaryPrimitives.ReadUInt16LittleEndian(span[(at + 10)..]), BinaryPrimitives.ReadUInt32LittleEndian(span[(at + 16)..]));
            return count == ushort.MaxValue || offset == uint.MaxValue ? FindDirectory64(at) : (count, offset);
        }

        throw new InvalidDataException("it is no zip archive");
    }

    private (long Count, long Offset) FindDirectory64(int end)
    {
        var locator = At(end - 20, 20).Span;
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != End64Locator)
            throw new InvalidDataException("the archive's zip64 directory is not where it should be");
        var record = At(Signed(BinaryPrimitives.ReadUInt64LittleEndian(locator[8..])), 56).Span;
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != End64)
            throw new InvalidDataException("the archive's zip64 directory is not where it should be");
        return (Signed(BinaryPrimitives.ReadUInt64LittleEndian(record[32..])), Signed(BinaryPrimitives.ReadUInt64LittleEndian(record[48..])));
    }

    private long ReadEntry(long at)
    {
        var header = At(at, 46).Span;
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != CentralHeader)
            throw new InvalidDataException("the archive's directory is damaged");
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]), extraLength = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]);
        var name = Encoding.UTF8.GetString(At(at + 46, nameLength).Span);
        var entry = new Entry(
            BinaryPrimitives.ReadUInt16LittleEndian(header[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(header[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[42..]));
        if (!_entries.TryAdd(name, Widened(entry, At(at + 46 + nameLength, extraLength).Span)))
            throw new InvalidDataException($"the archive has two entries '{name}'");
        return at + 46 + nameLength + extraLength + BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
    }

    /// <summary>Takes from the zip64 field what did not fit into 32 bits: length, stored length and offset, in this order and only where needed.</summary>
    private static Entry Widened(Entry entry, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
                break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == Zip64Extra)
            {
                var values = extra.Slice(4, length);
                return entry with
                {
                    Length = Wide(entry.Length, ref values),
                    StoredLength = Wide(entry.StoredLength, ref values),
                    Offset = Wide(entry.Offset, ref values),
                };
            }

            extra = extra[(4 + length)..];
        }

        return entry;
    }

    private static long Wide(long value, ref ReadOnlySpan<byte> values)
    {
        if (value != uint.MaxValue || values.Length < 8)
            return value;
        value = Signed(BinaryPrimitives.ReadUInt64LittleEndian(values));
        values = values[8..];
        return value;
    }

    private static long Signed(ulong value) => value <= long.MaxValue ? (long)value : throw new InvalidDataException("the archive names a place outside itself");

    private ReadOnlyMemory<byte> At(long offset, long length) => offset >= 0 && length >= 0 && offset <= _file.Length && length <= _file.Length - offset
        ? _file.Slice((int)offset, (int)length)
        : throw new InvalidDataException("the archive is cut off or names a place outside itself");

    private sealed record Entry(ushort Flags, ushort Method, uint Checksum, long StoredLength, long Length, long Offset);
}
