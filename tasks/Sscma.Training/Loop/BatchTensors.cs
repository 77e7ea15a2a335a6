using Sscma.Training.Assignment;
using Sscma.Training.Loading;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Loop;

/// <summary>From bytes and boxes to what the network and the loss take.</summary>
internal static class BatchTensors
{
    /// <summary>
    /// Interleaved bytes (N, H, W, 3) to (N, 3, H, W), pixel/255. The memory order stays channels-last, which is the network's: nothing is rearranged.
    /// </summary>
    public static Tensor Images(byte[] pixels, int count, int size, Device device)
    {
        using var bytes = frombuffer(pixels, ScalarType.Byte, (long)count * size * size * 3);
        using var there = bytes.to(device);
        return there.to_type(ScalarType.Float32).DivideBy(255).view(count, size, size, 3).permute(0, 3, 1, 2);
    }

    /// <summary>The objects of a batch.</summary>
    public static GroundTruth[] Truths(TrainingBatch batch) =>
        [.. batch.Objects.Select(objects => new GroundTruth([.. objects.Select(item => item.Box)], [.. objects.Select(item => item.Label)]))];
}
