using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Scales;

/// <summary>Scale and zero point of int8 activations.</summary>
/// <param name="Scale">Real distance of two codes.</param>
/// <param name="ZeroPoint">The code of real zero, -128 to 127.</param>
internal readonly record struct Codes8(float Scale, int ZeroPoint)
{
    /// <summary>What every runtime demands of a Logistic result.</summary>
    public static Codes8 Sigmoid => new(1f / 256, -128);

    /// <summary>Codes whose 256 values span a range that holds zero.</summary>
    public static Codes8 Of(ValueRange range)
    {
        var (low, high) = ((double)Math.Min(0, range.Min), (double)Math.Max(0, range.Max));
        // A value that is always zero needs some scale; any will do.
        if (high - low < 1e-9)
            high = low + 1e-9;
        var scale = (float)((high - low) / 255);
        var zero = Math.Round(-128 - (low / scale), MidpointRounding.AwayFromZero);
        return new Codes8(scale, (int)Math.Clamp(zero, -128, 127));
    }

    /// <summary>Lowest and highest real value with a code.</summary>
    public ValueRange Range => new(Scale * (-128 - ZeroPoint), Scale * (127 - ZeroPoint));

    public TfliteQuantization ToTflite() => TfliteQuantization.PerTensor(Scale, ZeroPoint);
}
