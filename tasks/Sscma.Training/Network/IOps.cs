namespace Sscma.Training.Network;

/// <summary>
/// The operations that the network is written in. <see cref="TorchOps"/> runs them, <see cref="OnnxOps"/> writes them down,
/// <see cref="CostOps"/> counts them; what is trained and what is exported therefore cannot drift apart.
/// Every value has the shape (N, C, H, W).
/// </summary>
public interface IOps<T>
{
    /// <summary>Convolution with "same" padding, then norm and activation where the unit has a norm: (N, In, H, W) → (N, Out, ⌈H/Stride⌉, ⌈W/Stride⌉).</summary>
    T Conv(T x, ConvUnit unit);

    /// <summary>(x − mean) / deviation of each channel.</summary>
    T Standardize(T x, float[] means, float[] deviations);

    /// <summary>Sum of two values of one shape.</summary>
    T Add(T a, T b);

    /// <summary>Product, <paramref name="weights"/> (N, C, 1, 1) broadcast over <paramref name="x"/> (N, C, H, W).</summary>
    T Scale(T x, T weights);

    /// <summary>Joins channels in the given order.</summary>
    T Concat(params IReadOnlyList<T> parts);

    /// <summary>Maximum of a <paramref name="kernel"/> wide window around each cell, stride 1: the shape stays.</summary>
    T MaxPool(T x, int kernel);

    /// <summary>Nearest-neighbour enlargement: (N, C, H, W) → (N, C, 2H, 2W).</summary>
    T Upsample(T x);

    /// <summary>Mean over all cells: (N, C, H, W) → (N, C, 1, 1).</summary>
    T GlobalAveragePool(T x);

    /// <summary>clamp(x + 3, 0, 6) / 6.</summary>
    T HardSigmoid(T x);
}
