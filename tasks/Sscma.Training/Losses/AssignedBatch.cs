using Sscma.Training.Assignment;
using static TorchSharp.torch;

namespace Sscma.Training.Losses;

/// <summary>A batch between its two halves: what the network says and what it is to say.</summary>
/// <param name="Logits">(B, N, C), with gradients.</param>
/// <param name="Boxes">Corners in pixels, (B, N, 4), with gradients.</param>
/// <param name="Targets">One entry per image.</param>
public sealed record AssignedBatch(Tensor Logits, Tensor Boxes, CellTargets[] Targets)
{
    /// <summary>Sum of all metrics.</summary>
    public double MetricSum => Targets.Sum(image => image.Metrics.Sum());
}
