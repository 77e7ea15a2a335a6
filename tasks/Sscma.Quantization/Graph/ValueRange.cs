namespace Sscma.Quantization.Graph;

/// <summary>Lowest and highest real value that the codes of a tensor must reach.</summary>
internal readonly record struct ValueRange(float Min, float Max)
{
    public float Width => Max - Min;

    /// <summary>Zero must have a code of its own: padding and ReLU produce it.</summary>
    public ValueRange WithZero => new(Math.Min(0, Min), Math.Max(0, Max));

    public ValueRange Union(ValueRange other) => new(Math.Min(Min, other.Min), Math.Max(Max, other.Max));
}
