using System.Buffers.Binary;
using System.Text;

namespace Sscma.Natives;

/// <summary>
/// Edits the symbol-version needs of a 64-bit little-endian ELF image.
/// Source: the ELF gABI and the Linux Standard Base chapter on symbol versioning (Elfxx_Verneed, Elfxx_Vernaux).
/// </summary>
internal static class ElfVersionNeeds
{
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 2; // VER_FLG_WEAK

    /// <summary>
    /// Marks the need for <paramref name="version"/> of <paramref name="library"/> as weak: the loader then accepts a
    /// library that does not define it. Returns whether the need was found.
    /// </summary>
    public static bool Weaken(Span<byte> image, string library, string version)
    {
        if (image.Length < 64 || !image[..6].SequenceEqual(new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }))
            return false;
        var sections = checked((int)U64(image, 0x28));
        int sectionSize = U16(image, 0x3A), sectionCount = U16(image, 0x3C);
        for (var i = 0; i < sectionCount; i++)
        {
            var section = sections + (i * sectionSize);
            if (U32(image, section + 4) != VersionNeedSection)
                continue;
            var stringSection = sections + ((int)U32(image, section + 0x28) * sectionSize);
            var strings = checked((int)U64(image, stringSection + 0x18));
            var need = checked((int)U64(image, section + 0x18));
            return WeakenIn(image, need, (int)U32(image, section + 0x2C), strings, library, version);
        }

        return false;
    }

    private static bool WeakenIn(Span<byte> image, int need, int needs, int strings, string library, string version)
    {
        for (var k = 0; k < needs; k++)
        {
            int versions = U16(image, need + 2);
            var isLibrary = Text(image, strings + (int)U32(image, need + 4)) == library;
            var aux = need + (int)U32(image, need + 8);
            for (var a = 0; a < versions; a++)
            {
                if (isLibrary && Text(image, strings + (int)U32(image, aux + 8)) == version)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(image[(aux + 4)..], (ushort)(U16(image, aux + 4) | Weak));
                    return true;
                }

                aux += (int)U32(image, aux + 12);
            }

            need += (int)U32(image, need + 12);
        }

        return false;
    }

    private static ushort U16(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(image[offset..]);

    private static uint U32(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(image[offset..]);

    private static ulong U64(ReadOnlySpan<byte> image, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(image[offset..]);

    private static string Text(ReadOnlySpan<byte> image, int offset)
    {
        var tail = image[offset..];
        return Encoding.ASCII.GetString(tail[..tail.IndexOf((byte)0)]);
    }
}
