using Sscma.Training.Assignment;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Losses;

/// <summary>Generalised-IoU loss (Rezatofighi et al., CVPR 2019).</summary>
public static class GiouLoss
{
    private const double Eps = 1e-6;

    /// <summary>Σ (1 − giou)·metric over foreground cells; 0 without any. <paramref name="boxes"/> is (B, N, 4).</summary>
    public static Tensor Sum(Tensor boxes, IReadOnlyList<CellTargets> targets)
    {
        var indices = new List<long>();
        var corners = new List<float>();
        var metrics = new List<float>();
        for (var image = 0; image < targets.Count; image++)
        {
            var cells = targets[image];
            for (var cell = 0; cell < cells.Labels.Length; cell++)
            {
                if (!cells.Foreground[cell])
                    continue;
                var box = cells.Boxes[cell];
                indices.Add((image * (long)cells.Labels.Length) + cell);
                corners.AddRange([box.X1, box.Y1, box.X2, box.Y2]);
                metrics.Add(cells.Metrics[cell]);
            }
        }

        if (indices.Count == 0)
            return boxes.sum().Times(0);
        var said = boxes.reshape(-1, 4).index_select(0, tensor(indices, device: boxes.device)); // (P, 4)
        var wanted = tensor(corners.ToArray(), [indices.Count, 4], dtype: boxes.dtype, device: boxes.device);
        var weights = tensor(metrics.ToArray(), dtype: boxes.dtype, device: boxes.device); // (P)
        return (Giou(said, wanted).From(1) * weights).sum();
    }

    /// <summary>Generalised IoU of boxes in pairs: (P, 4), (P, 4) → (P), from −1 to 1.</summary>
    public static Tensor Giou(Tensor a, Tensor b)
    {
        var p = a.unbind(1);
        var q = b.unbind(1);
        var width = (minimum(p[2], q[2]) - maximum(p[0], q[0])).AtLeast(0);
        var height = (minimum(p[3], q[3]) - maximum(p[1], q[1])).AtLeast(0);
        var shared = width * height;
        var union = (((p[2] - p[0]) * (p[3] - p[1])).Plus((q[2] - q[0]) * (q[3] - q[1])) - shared).AtLeast(Eps);
        var hullWidth = (maximum(p[2], q[2]) - minimum(p[0], q[0])).AtLeast(0);
        var hullHeight = (maximum(p[3], q[3]) - minimum(p[1], q[1])).AtLeast(0);
        var hull = (hullWidth * hullHeight).AtLeast(Eps);
        return (shared / union) - ((hull - union) / hull);
    }
}
