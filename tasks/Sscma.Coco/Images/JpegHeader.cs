using System.Buffers.Binary;

namespace Sscma.Coco;

/// <summary>
/// Looks into the segments before a JPEG's picture (ISO/IEC 10918-1, annex B). SkiaSharp takes every CMYK JPEG for inverted, as Adobe
/// writes it; one without Adobe's mark need not be.
/// </summary>
internal static class JpegHeader
{
    /// <summary>Whether these are a JPEG of four components that does not bear Adobe's mark.</summary>
    public static bool IsForeignCmyk(ReadOnlySpan<byte> file)
    {
        if (file is not [0xFF, 0xD8, ..])
            return false;
        var adobe = false;
        for (var at = 2; at + 10 < file.Length && file[at] == 0xFF;)
        {
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++; // A fill byte.
                continue;
            }

            var body = file[(at + 4)..];
            if (marker == 0xEE && body.StartsWith("Adobe"u8))
                adobe = true;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return body[5] == 4 && !adobe;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }

        return false;
    }
}
