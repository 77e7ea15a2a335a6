using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Scales;

/// <summary>Type, scale and zero point of integer activations.</summary>
/// <param name="Type">Int8, or Int16, which is symmetric.</param>
/// <param name="Scale">Real distance of two codes.</param>
/// <param name="ZeroPoint">The code of real zero.</param>
internal readonly record struct Codes(TensorType Type, float Scale, int ZeroPoint)
{
    /// <summary>
    /// Shorter ranges are widened to this with 16 bits: steps of a millionth and less need multipliers that TensorFlow Lite does not take,
    /// and no value of a network is known that well.
    /// </summary>
    private const double LeastInt16 = 0.02;

    /// <summary>
    /// An image: with 8 bits code = pixel - 128, which the firmware feeds whatever the file says; with 16 bits code = pixel. Real = pixel / 255 in both.
    /// </summary>
    public static Codes Pixels(TensorType type) => new(type, 1f / 255, type == TensorType.Int8 ? -128 : 0);

    /// <summary>What every runtime demands of a Logistic result.</summary>
    public static Codes Sigmoid(TensorType type) => type == TensorType.Int8 ? new(type, 1f / 256, -128) : new(type, 1f / 32768, 0);

    /// <summary>What every runtime demands of a Tanh result.</summary>
    public static Codes Tanh(TensorType type) => new(type, type == TensorType.Int8 ? 1f / 128 : 1f / 32768, 0);

    /// <summary>Number of steps between the lowest and the highest code.</summary>
    public static int Steps(TensorType type) => type == TensorType.Int8 ? 255 : 65534;

    /// <summary>Codes that span a range that holds zero.</summary>
    public static Codes Of(TensorType type, ValueRange range)
    {
        var (low, high) = ((double)Math.Min(0, range.Min), (double)Math.Max(0, range.Max));
        if (type == TensorType.Int16)
            return new Codes(type, (float)(Math.Max(LeastInt16, Math.Max(-low, high)) / short.MaxValue), 0);

        // A value that is always zero needs some scale; any will do.
        if (high - low < 1e-9)
            high = low + 1e-9;
        return Of(type, range, (float)((high - low) / 255));
    }

    /// <summary>8-bit codes with this scale, from the range's lower end on.</summary>
    public static Codes Of(TensorType type, ValueRange range, float scale)
    {
        var zero = Math.Round(-128 - (Math.Min(0, range.Min) / (double)scale), MidpointRounding.AwayFromZero);
        return new Codes(type, scale, (int)Math.Clamp(zero, -128, 127));
    }

    /// <summary>The code of a real; beyond the codes the last one.</summary>
    public int CodeOf(float real) => Type == TensorType.Int16
        ? (int)Math.Clamp(Math.Round(real / Scale), short.MinValue, short.MaxValue)
        : (int)Math.Clamp(Math.Round(real / Scale) + ZeroPoint, sbyte.MinValue, sbyte.MaxValue);

    /// <summary>Lowest and highest real value with a code.</summary>
    public ValueRange Range => Type == TensorType.Int16
        ? new(Scale * -short.MaxValue, Scale * short.MaxValue)
        : new(Scale * (-128 - ZeroPoint), Scale * (127 - ZeroPoint));

    public TfliteQuantization ToTflite() => TfliteQuantization.PerTensor(Scale, ZeroPoint);
}
