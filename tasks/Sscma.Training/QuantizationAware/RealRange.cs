namespace Sscma.Training.QuantizationAware;

/// <summary>Lowest and highest real of some values.</summary>
internal readonly record struct RealRange(float Low, float High)
{
    /// <summary>The range of no value.</summary>
    public static RealRange Empty { get; } = new(float.PositiveInfinity, float.NegativeInfinity);

    /// <summary>Whether there is no value.</summary>
    public bool IsEmpty => Low > High;

    /// <summary>The range of all values of both.</summary>
    public RealRange With(RealRange other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>A share of the way to another.</summary>
    public RealRange Towards(RealRange other, float share) => new(Low + (share * (other.Low - Low)), High + (share * (other.High - High)));
}
