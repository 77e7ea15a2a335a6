using static TorchSharp.torch;

namespace Sscma.Training.Losses;

/// <summary>The loss of one batch.</summary>
/// <param name="Total">Scalar to call <c>backward()</c> on.</param>
/// <param name="Cls">Quality focal loss, weighted.</param>
/// <param name="Bbox">Generalised-IoU loss, weighted.</param>
/// <param name="AverageFactor">What both sums were divided by: the sum of the metrics, at least 1.</param>
/// <param name="Positives">Foreground cells of each image.</param>
public sealed record LossResult(Tensor Total, double Cls, double Bbox, double AverageFactor, IReadOnlyList<int> Positives)
{
    /// <summary>The value of <see cref="Total"/>.</summary>
    public double Value => Cls + Bbox;
}
