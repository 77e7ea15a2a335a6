namespace Sscma.Training.QuantizationAware;

/// <summary>What one thread sees of the values of a network in one step.</summary>
/// <param name="count">Number of values.</param>
internal sealed class RangeWatch(int count)
{
    private readonly RealRange[] _ranges = [.. Enumerable.Repeat(RealRange.Empty, count)];

    /// <summary>The range of a value since the last <see cref="Clear"/>.</summary>
    public RealRange this[int value] => _ranges[value];

    /// <summary>Takes the range of a value in.</summary>
    public void See(int value, RealRange range) => _ranges[value] = _ranges[value].With(range);

    /// <summary>Forgets everything.</summary>
    public void Clear() => Array.Fill(_ranges, RealRange.Empty);
}
