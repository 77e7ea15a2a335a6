namespace Sscma.Imaging;

/// <summary>A colour picture as a network of one channel sees it.</summary>
public static class GreyPicture
{
    /// <summary>Weighs the colours as the firmware does: (299 R + 587 G + 114 B) / 1000, rounded down.</summary>
    /// <param name="rgb">(height, width, 3).</param>
    /// <returns>(height, width).</returns>
    public static byte[] Of(ReadOnlySpan<byte> rgb)
    {
        var grey = new byte[rgb.Length / 3];
        for (var i = 0; i < grey.Length; i++)
            grey[i] = (byte)(((299 * rgb[3 * i]) + (587 * rgb[(3 * i) + 1]) + (114 * rgb[(3 * i) + 2])) / 1000);
        return grey;
    }
}
