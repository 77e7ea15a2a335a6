using Google.FlatBuffers;

namespace Sscma.Tflite;

/// <summary>
/// Checks a FlatBuffers file before anything of it is read: the generated <c>…Verify</c> classes walk over the schema and call this for
/// every table and field. Afterwards the generated accessors are safe on it, and what they read in all is a small multiple of the file.
/// <para>
/// It stands in for the verifier of Google.FlatBuffers 25.2.10, which lets through what the accessors trip over: it holds the place of a
/// table's directory in 16 bits, so that in a file above 32 KiB it skips most fields (and prints an exception to the console for each);
/// it does not hold fields against the table's own length, nor the root against the file's identifier; it reads the kind of a union from the
/// place of its value; it throws at a directory above 32767 bytes; it counts tables, but not bytes, so that vectors that share bytes multiply
/// memory.
/// </para>
/// </summary>
/// <param name="file">The whole file.</param>
internal sealed class FlatVerifier(ByteBuffer file)
{
    // No table of the schema contains its own kind, so depth ends by itself. Breadth does not, when offsets share their targets.
    private const int MostTables = 1 << 18;
    private const int OffsetSize = sizeof(uint);
    private const int DirectoryHead = 2 * sizeof(ushort);

    private int _tables;

    // Sound files refer to most bytes once; few share a vector here and there.
    private long _budget = (1 << 16) + (4L * file.Length);

    /// <summary>Walks over the file.</summary>
    /// <param name="root">The generated method of the root's table.</param>
    /// <exception cref="Diagnostics.DiagnosticException">The file is damaged.</exception>
    public void Verify(Func<FlatVerifier, uint, bool> root) => root(this, Follow(0));

    /// <summary>Called by generated code, as all below. What is wrong throws, so the answer is always true.</summary>
    public bool VerifyTableStart(uint table)
    {
        CheckPlace(table, sizeof(int), sizeof(int));
        var directory = Directory(table);
        CheckPlace(directory, DirectoryHead, sizeof(ushort));
        var (length, tableLength) = Lengths(directory);
        // The accessors read these numbers as signed.
        if (length is < DirectoryHead or > short.MaxValue || length % sizeof(ushort) != 0 || tableLength is < sizeof(int) or > short.MaxValue)
            throw TfliteFile.Damaged($"the table at byte {table} has a wrong directory");
        CheckPlace(directory, length, sizeof(ushort));
        CheckPlace(table, tableLength, sizeof(int));
        if (++_tables > MostTables)
            throw TfliteFile.Damaged($"it has more than {MostTables} tables");
        Spend(tableLength);
        return true;
    }

    public bool VerifyTableEnd(uint table) => true;

    public bool VerifyField(uint table, short slot, ulong size, ulong alignment, bool required) =>
        Field(table, slot, (int)size, (int)alignment) != 0 || Absent(table, slot, required);

    public bool VerifyString(uint table, short slot, bool required)
    {
        if (Field(table, slot) is not (> 0 and var at))
            return Absent(table, slot, required);
        var text = Follow(at);
        var end = CheckVector(text, 1);
        CheckPlace(end, 1, 1);
        if (file.Get((int)end) != 0)
            throw TfliteFile.Damaged($"the text at byte {text} does not end with 0");
        return true;
    }

    public bool VerifyVectorOfData(uint table, short slot, ulong elementSize, bool required)
    {
        if (Field(table, slot) is not (> 0 and var at))
            return Absent(table, slot, required);
        CheckVector(Follow(at), (int)elementSize);
        return true;
    }

    public bool VerifyVectorOfTables(uint table, short slot, Func<FlatVerifier, uint, bool> verify, bool required)
    {
        if (Field(table, slot) is not (> 0 and var at))
            return Absent(table, slot, required);
        var vector = Follow(at);
        var end = CheckVector(vector, OffsetSize);
        for (var element = vector + OffsetSize; element < end; element += OffsetSize)
            verify(this, Follow(element));
        return true;
    }

    public bool VerifyTable(uint table, short slot, Func<FlatVerifier, uint, bool> verify, bool required) =>
        Field(table, slot) is > 0 and var at ? verify(this, Follow(at)) : Absent(table, slot, required);

    /// <summary>Kinds that the schema does not list are passed over: the generated code never follows them.</summary>
    public bool VerifyUnion(uint table, short kindSlot, short slot, Func<FlatVerifier, byte, uint, bool> verify, bool required)
    {
        var kind = Field(table, kindSlot, 1, 1);
        var at = Field(table, slot);
        return kind == 0 || at == 0 ? Absent(table, slot, required) : verify(this, file.Get((int)kind), Follow(at));
    }

    private static bool Absent(uint table, short slot, bool required) =>
        !required ? true : throw TfliteFile.Damaged($"the table at byte {table} lacks its field {(slot - DirectoryHead) / sizeof(ushort)}");

    private long Directory(uint table) => (long)table - file.GetInt((int)table);

    private (int Directory, int Table) Lengths(long directory) => (file.GetUshort((int)directory), file.GetUshort((int)directory + sizeof(ushort)));

    // Where a field lies, or 0 when it is absent. The table has been checked.
    private uint Field(uint table, short slot, int size = OffsetSize, int alignment = OffsetSize)
    {
        var directory = Directory(table);
        var (length, tableLength) = Lengths(directory);
        var offset = slot < length ? file.GetUshort((int)directory + slot) : 0;
        if (offset == 0)
            return 0;
        if (offset < sizeof(int) || offset + size > tableLength)
            throw TfliteFile.Damaged($"field {(slot - DirectoryHead) / sizeof(ushort)} lies outside its table at byte {table}");
        CheckPlace(table + offset, size, alignment);
        return table + (uint)offset;
    }

    // What a 32-bit offset leads to: a table or a vector, which begin with 4 aligned bytes.
    private uint Follow(uint position)
    {
        CheckPlace(position, OffsetSize, OffsetSize);
        var offset = file.GetUint((int)position);
        if (offset == 0)
            throw TfliteFile.Damaged($"the offset at byte {position} is 0");
        CheckPlace((long)position + offset, OffsetSize, OffsetSize);
        return position + offset;
    }

    // Returns where the vector ends.
    private uint CheckVector(uint vector, int elementSize)
    {
        var bytes = (long)file.GetUint((int)vector) * elementSize;
        CheckPlace(vector, OffsetSize + bytes, OffsetSize);
        Spend(OffsetSize + bytes);
        return (uint)(vector + OffsetSize + bytes);
    }

    private void CheckPlace(long position, long count, int alignment)
    {
        if (position < 0 || position + count > file.Length)
            throw TfliteFile.Damaged($"it refers to byte {(position < 0 ? position : position + count)} of {file.Length}");
        if (position % alignment != 0)
            throw TfliteFile.Damaged($"what lies at byte {position} should lie at a multiple of {alignment}");
    }

    private void Spend(long bytes)
    {
        if ((_budget -= bytes) < 0)
            throw TfliteFile.Damaged("its parts overlap");
    }
}
