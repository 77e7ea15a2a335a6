namespace Sscma.Training.Weights;

/// <summary>A cyclic checksum of 32 bits, eight bytes at a time.</summary>
internal sealed class Crc32
{
    private readonly uint[][] _tables;

    private Crc32(uint reflectedPolynomial) => _tables = MakeTables(reflectedPolynomial);

    /// <summary>The checksum of zip archives (ISO 3309).</summary>
    public static Crc32 Zip { get; } = new(0xEDB88320);

    /// <summary>The checksum of record files (Castagnoli, RFC 3720).</summary>
    public static Crc32 Castagnoli { get; } = new(0x82F63B78);

    /// <summary>The checksum of some bytes.</summary>
    public uint Of(ReadOnlySpan<byte> bytes)
    {
        var value = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = value ^ BitConverter.ToUInt32(bytes);
            value = _tables[7][low & 255] ^ _tables[6][(low >> 8) & 255] ^ _tables[5][(low >> 16) & 255] ^ _tables[4][low >> 24]
                ^ _tables[3][bytes[4]] ^ _tables[2][bytes[5]] ^ _tables[1][bytes[6]] ^ _tables[0][bytes[7]];
        }

        foreach (var one in bytes)
            value = (value >> 8) ^ _tables[0][(value ^ one) & 255];
        return ~value;
    }

    private static uint[][] MakeTables(uint polynomial)
    {
        var tables = Enumerable.Range(0, 8).Select(_ => new uint[256]).ToArray();
        for (uint one = 0; one < 256; one++)
        {
            var value = one;
            for (var bit = 0; bit < 8; bit++)
                value = (value >> 1) ^ ((value & 1) * polynomial);
            tables[0][one] = value;
        }

        for (var table = 1; table < 8; table++)
        {
            for (var one = 0; one < 256; one++)
                tables[table][one] = (tables[table - 1][one] >> 8) ^ tables[0][tables[table - 1][one] & 255];
        }

        return tables;
    }
}
