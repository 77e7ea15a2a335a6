using Sscma.Training.Assignment;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Losses;

/// <summary>From distances to boxes, with gradients.</summary>
public static class BoxDecoder
{
    /// <summary>Distances in pixels (B, N, 4: left, top, right, bottom) from the cells' points → corners in pixels (B, N, 4).</summary>
    public static Tensor Decode(CellPoints points, Tensor distances)
    {
        var x = tensor(points.X, dtype: distances.dtype, device: distances.device); // (N)
        var y = tensor(points.Y, dtype: distances.dtype, device: distances.device);
        var sides = distances.unbind(2); // 4 × (B, N)
        return stack([x - sides[0], y - sides[1], x.Plus(sides[2]), y.Plus(sides[3])], 2);
    }
}
