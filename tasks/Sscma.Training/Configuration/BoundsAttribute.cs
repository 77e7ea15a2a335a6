namespace Sscma.Training.Configuration;

/// <summary>The range of a numeric key, both ends included.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BoundsAttribute(double min, double max) : Attribute
{
    /// <summary>Smallest allowed value.</summary>
    public double Min { get; } = min;

    /// <summary>Largest allowed value.</summary>
    public double Max { get; } = max;

    /// <summary>The value must be a multiple of this; 0 for any.</summary>
    public int MultipleOf { get; init; }

    /// <summary>Says the range in words.</summary>
    public string Describe()
    {
        var range = FormattableString.Invariant($"from {Min:0.##########} to {Max:0.##########}");
        return MultipleOf > 0 ? FormattableString.Invariant($"a multiple of {MultipleOf} {range}") : $"a number {range}";
    }

    /// <summary>Whether a value lies in the range.</summary>
    public bool Allows(double value) => value >= Min && value <= Max && (MultipleOf == 0 || value % MultipleOf == 0);
}
