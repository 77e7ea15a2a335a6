using Sscma.Detection;
using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>Raw outputs of the network for a batch, levels of stride 8, 16, 32.</summary>
/// <param name="Classes">Logits, (N, C, H/s, W/s) each.</param>
/// <param name="Distances">Left, top, right, bottom in strides, (N, 4, H/s, W/s) each.</param>
public sealed record HeadOutputs(IReadOnlyList<Tensor> Classes, IReadOnlyList<Tensor> Distances) : IDisposable
{
    /// <summary>Images in the batch, N.</summary>
    public int BatchSize => (int)Classes[0].shape[0];

    /// <summary>The outputs of one image as plain arrays, ready for <see cref="RtmDetDecoder"/>.</summary>
    public IReadOnlyList<LevelOutput> ToLevelOutputs(int image)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return [.. Classes.Select((logits, level) => new LevelOutput(
            RtmDetNetwork.Strides[level],
            (int)logits.shape[3],
            (int)logits.shape[2],
            CellsFirst(logits[image]),
            CellsFirst(Distances[level][image])))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var output in Classes.Concat(Distances))
            output.Dispose();
    }

    // (K, H, W) → (H, W, K)
    private static float[] CellsFirst(Tensor map) => map.detach().permute(1, 2, 0).to_type(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
}
