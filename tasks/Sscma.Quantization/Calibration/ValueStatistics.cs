using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Calibration;

/// <summary>What calibration learned about one value over all images.</summary>
internal sealed class ValueStatistics
{
    /// <summary>Bins of the histogram, evenly over the range.</summary>
    public const int Bins = 2048;

    private readonly double[] _sums;
    private readonly float[] _lows;
    private readonly float[] _highs;
    private long _pixels;

    /// <summary>Statistics with nothing in them.</summary>
    /// <param name="channels">Number of channels.</param>
    public ValueStatistics(int channels)
    {
        (_sums, _lows, _highs) = (new double[channels], new float[channels], new float[channels]);
        _lows.AsSpan().Fill(float.PositiveInfinity);
        _highs.AsSpan().Fill(float.NegativeInfinity);
    }

    private ValueStatistics(ValueStatistics of, float[] factors)
    {
        (_sums, _lows, _highs, _pixels, Factors) = ([.. of._sums], [.. of._lows], [.. of._highs], of._pixels, factors);
        for (var channel = 0; channel < factors.Length; channel++)
        {
            _sums[channel] *= factors[channel];
            _lows[channel] *= factors[channel];
            _highs[channel] *= factors[channel];
        }

        Range = new ValueRange(_lows.Min(), _highs.Max());
    }

    /// <summary>Lowest and highest value seen.</summary>
    public ValueRange Range { get; private set; } = new(float.PositiveInfinity, float.NegativeInfinity);

    /// <summary>Greatest magnitude seen in each channel.</summary>
    public float[] Magnitudes => [.. _lows.Zip(_highs, (low, high) => Math.Max(Math.Abs(low), Math.Abs(high)))];

    /// <summary>How many values fell into each bin of <see cref="Range"/>.</summary>
    public long[] Histogram { get; } = new long[Bins];

    /// <summary>Mean of each channel.</summary>
    public float[] Means => Array.ConvertAll(_sums, sum => (float)(sum / _pixels));

    /// <summary>What each channel of the float model is multiplied by to give this value; null for nothing.</summary>
    private float[]? Factors { get; }

    /// <summary>The same observations of a value whose channels were scaled, with an empty histogram.</summary>
    public ValueStatistics Scaled(float[] factors) => new(this, factors);

    /// <summary>First walk: range and means. <paramref name="values"/> is (1, C, H, W).</summary>
    /// <returns>False when a value is no finite number.</returns>
    public bool Observe(ReadOnlySpan<float> values)
    {
        var pixels = values.Length / _sums.Length;
        float lowest = Range.Min, highest = Range.Max;
        for (var channel = 0; channel < _sums.Length; channel++)
        {
            float low = _lows[channel], high = _highs[channel];
            var sum = 0.0;
            foreach (var value in values.Slice(channel * pixels, pixels))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
                sum += value;
            }

            (_lows[channel], _highs[channel]) = (low, high);
            (lowest, highest) = (Math.Min(lowest, low), Math.Max(highest, high));
            _sums[channel] += sum;
        }

        _pixels += pixels;
        Range = new ValueRange(lowest, highest);
        return float.IsFinite(lowest) && float.IsFinite(highest);
    }

    /// <summary>Second walk: the histogram over the range that the first one found. <paramref name="values"/> are the float model's.</summary>
    public void Count(ReadOnlySpan<float> values)
    {
        var pixels = values.Length / _sums.Length;
        for (var channel = 0; channel < _sums.Length; channel++)
        {
            var perUnit = (Range.Width > 0 ? Bins / Range.Width : 0) * (Factors?[channel] ?? 1);
            var start = Range.Width > 0 ? Range.Min * (Bins / Range.Width) : 0;
            foreach (var value in values.Slice(channel * pixels, pixels))
                Histogram[Math.Clamp((int)((value * perUnit) - start), 0, Bins - 1)]++;
        }
    }
}
