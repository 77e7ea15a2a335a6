namespace Sscma.Training.Weights.PyTorch;

/// <summary>The checksum of zip archives (ISO 3309, reflected polynomial 0xEDB88320), eight bytes at a time.</summary>
internal static class Crc32
{
    private static readonly uint[][] Tables = MakeTables();

    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var value = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = value ^ BitConverter.ToUInt32(bytes);
            value = Tables[7][low & 255] ^ Tables[6][(low >> 8) & 255] ^ Tables[5][(low >> 16) & 255] ^ Tables[4][low >> 24]
                ^ Tables[3][bytes[4]] ^ Tables[2][bytes[5]] ^ Tables[1][bytes[6]] ^ Tables[0][bytes[7]];
        }

        foreach (var one in bytes)
            value = (value >> 8) ^ Tables[0][(value ^ one) & 255];
        return ~value;
    }

    private static uint[][] MakeTables()
    {
        var tables = Enumerable.Range(0, 8).Select(_ => new uint[256]).ToArray();
        for (uint one = 0; one < 256; one++)
        {
            var value = one;
            for (var bit = 0; bit < 8; bit++)
                value = (value >> 1) ^ ((value & 1) * 0xEDB88320);
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
