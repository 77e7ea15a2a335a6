using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Calibration;

/// <summary>What calibration learned about one value over all images.</summary>
/// <param name="channels">Number of channels.</param>
internal sealed class ValueStatistics(int channels)
{
    /// <summary>Bins of the histogram, evenly over the range.</summary>
    public const int Bins = 2048;

    private readonly double[] _sums = new double[channels];
    private long _pixels;

    /// <summary>Lowest and highest value seen.</summary>
    public ValueRange Range { get; private set; } = new(float.PositiveInfinity, float.NegativeInfinity);

    /// <summary>How many values fell into each bin of <see cref="Range"/>.</summary>
    public long[] Histogram { get; } = new long[Bins];

    /// <summary>Mean of each channel.</summary>
    public float[] Means => Array.ConvertAll(_sums, sum => (float)(sum / _pixels));

    /// <summary>First walk: range and means. <paramref name="values"/> is (1, C, H, W).</summary>
    /// <returns>False when a value is no finite number.</returns>
    public bool Observe(ReadOnlySpan<float> values)
    {
        var pixels = values.Length / _sums.Length;
        float low = Range.Min, high = Range.Max;
        for (var channel = 0; channel < _sums.Length; channel++)
        {
            var sum = 0.0;
            foreach (var value in values.Slice(channel * pixels, pixels))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
                sum += value;
            }

            _sums[channel] += sum;
        }

        _pixels += pixels;
        Range = new ValueRange(low, high);
        return float.IsFinite(low) && float.IsFinite(high);
    }

    /// <summary>Second walk: the histogram over the range that the first one found.</summary>
    public void Count(ReadOnlySpan<float> values)
    {
        var perUnit = Range.Width > 0 ? Bins / Range.Width : 0;
        foreach (var value in values)
            Histogram[Math.Clamp((int)((value - Range.Min) * perUnit), 0, Bins - 1)]++;
    }
}
