using Sscma.Training.Assignment;
using Sscma.Training.Network;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Sscma.Training.Losses;

/// <summary>
/// Quality focal loss: the score of a foreground cell's class is to be its overlap, every other score is to be 0; what is
/// already near its target counts little.
/// </summary>
public static class QualityFocalLoss
{
    /// <summary>
    /// Σ BCE(x, q)·|q − σ(x)|^β over all cells and classes. <paramref name="logits"/> is (B, N, C). No gradient flows through q;
    /// the focusing factor does have one.
    /// </summary>
    public static Tensor Sum(Tensor logits, IReadOnlyList<CellTargets> targets, double beta)
    {
        var quality = tensor(Qualities(targets, (int)logits.shape[2]), logits.shape, dtype: logits.dtype, device: logits.device);
        var entropy = F.binary_cross_entropy_with_logits(logits, quality, reduction: nn.Reduction.None);
        return (entropy * (quality - logits.sigmoid()).abs().ToThe(beta)).sum();
    }

    // (B, N, C): the metric at a foreground cell's class, 0 elsewhere.
    private static float[] Qualities(IReadOnlyList<CellTargets> targets, int classes)
    {
        var cells = targets[0].Labels.Length;
        var qualities = new float[targets.Count * cells * classes];
        for (var image = 0; image < targets.Count; image++)
        {
            for (var cell = 0; cell < cells; cell++)
            {
                if (targets[image].Foreground[cell])
                    qualities[(((image * cells) + cell) * classes) + targets[image].Labels[cell]] = targets[image].Metrics[cell];
            }
        }

        return qualities;
    }
}
