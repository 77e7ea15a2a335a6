namespace Sscma.Training.Loop;

/// <summary>Sums of losses over iterations.</summary>
/// <param name="Count">Iterations.</param>
/// <param name="Cls">Sum of the classification losses.</param>
/// <param name="Bbox">Sum of the box losses.</param>
internal sealed record LossSums(int Count = 0, double Cls = 0, double Bbox = 0)
{
    /// <summary>With one more iteration.</summary>
    public LossSums Plus(double cls, double bbox) => new(Count + 1, Cls + cls, Bbox + bbox);

    /// <summary>The mean of the classification loss.</summary>
    public double MeanCls() => Cls / Count;

    /// <summary>The mean of the box loss.</summary>
    public double MeanBbox() => Bbox / Count;
}
