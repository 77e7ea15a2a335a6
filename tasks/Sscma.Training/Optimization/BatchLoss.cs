namespace Sscma.Training.Optimization;

/// <summary>The weighted losses of one batch; their sum is what is minimised.</summary>
/// <param name="Cls">Quality focal loss.</param>
/// <param name="Bbox">Generalised-IoU loss.</param>
public readonly record struct BatchLoss(double Cls, double Bbox)
{
    /// <summary>What is minimised.</summary>
    public double Value => Cls + Bbox;
}
