namespace Sscma.Training.Augmentation;

/// <summary>
/// A change of colour on 8-bit HSV as OpenCV 4 defines it (COLOR_RGB2HSV and back): hue in steps of two degrees, 0 to 179, saturation and value
/// 0 to 255; each channel goes through a table, the hue around its circle.
/// </summary>
public sealed class HsvTables
{
    private const int Shift = 12;
    private static readonly int[] SaturationDivisors = Divisors(255, 1);
    private static readonly int[] HueDivisors = Divisors(180, 6);

    private readonly byte[] _hue = new byte[180];
    private readonly byte[] _saturation = new byte[256];
    private readonly byte[] _value = new byte[256];

    /// <summary>Makes the tables for three factors.</summary>
    public HsvTables(double hueFactor, double saturationFactor, double valueFactor)
    {
        for (var i = 0; i < 180; i++)
            _hue[i] = (byte)(i * hueFactor % 180);
        for (var i = 0; i < 256; i++)
        {
            _saturation[i] = (byte)Math.Min(i * saturationFactor, 255);
            _value[i] = (byte)Math.Min(i * valueFactor, 255);
        }
    }

    /// <summary>RGB to HSV (0 to 179, 0 to 255, 0 to 255).</summary>
    public static (int Hue, int Saturation, int Value) ToHsv(int red, int green, int blue)
    {
        var value = Math.Max(red, Math.Max(green, blue));
        var range = value - Math.Min(red, Math.Min(green, blue));
        var saturation = ((range * SaturationDivisors[value]) + (1 << (Shift - 1))) >> Shift;
        var sixth = value == red ? green - blue
            : value == green ? blue - red + (2 * range)
            : red - green + (4 * range);
        var hue = ((sixth * HueDivisors[range]) + (1 << (Shift - 1))) >> Shift;
        return (hue < 0 ? hue + 180 : hue, saturation, value);
    }

    /// <summary>HSV to RGB, rounded to the nearest level, halves to even.</summary>
    public static (byte Red, byte Green, byte Blue) ToRgb(int hue, int saturation, int value)
    {
        if (saturation == 0)
            return ((byte)value, (byte)value, (byte)value);

        var sector = hue / 30;
        var fraction = (hue - (30 * sector)) * (1f / 30);
        var s = saturation * (1f / 255);
        var p = Level(value * (1 - s));
        var q = Level(value * (1 - (s * fraction)));
        var t = Level(value * (1 - (s * (1 - fraction))));
        var v = (byte)value;
        return sector switch
        {
            0 => (v, t, p),
            1 => (q, v, p),
            2 => (p, v, t),
            3 => (p, q, v),
            4 => (t, p, v),
            _ => (v, p, q),
        };
    }

    /// <summary>Changes pixels in place.</summary>
    /// <param name="pixels">(…, 3), RGB.</param>
    public void Apply(Span<byte> pixels)
    {
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            var (hue, saturation, value) = ToHsv(pixels[i], pixels[i + 1], pixels[i + 2]);
            (pixels[i], pixels[i + 1], pixels[i + 2]) = ToRgb(_hue[hue], _saturation[saturation], _value[value]);
        }
    }

    private static byte Level(float level) => (byte)MathF.Round(level);

    /// <summary>top / (parts · i) with 12 binary places, so that no pixel divides.</summary>
    private static int[] Divisors(int top, int parts)
    {
        var table = new int[256];
        for (var i = 1; i < 256; i++)
            table[i] = (int)Math.Round((top << Shift) / (double)(parts * i));
        return table;
    }
}
