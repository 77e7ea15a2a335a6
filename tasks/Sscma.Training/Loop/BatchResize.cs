using Sscma.Detection;
using Sscma.Training.Assignment;
using Sscma.Training.Configuration;
using Sscma.Training.Network;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Sscma.Training.Loop;

/// <summary>Gives all images of a batch one random size. The size is a function of the seed and the iteration.</summary>
internal sealed class BatchResize(BatchResizeConfig config, int imageSize, long seed)
{
    private const int Step = 32;

    /// <summary>The side of an iteration's images in pixels, a multiple of 32.</summary>
    public int SizeOf(int iteration)
    {
        if (!config.Enabled)
            return imageSize;
        var least = Math.Max((int)(config.MinRatio * imageSize / Step), 1);
        var most = Math.Max((int)(config.MaxRatio * imageSize / Step), least);
        return (least + (int)(new NamedRandom(seed, $"batch_resize.{iteration}").NextUniform() * (most - least + 1))) * Step;
    }

    /// <summary>Images and objects in the iteration's size.</summary>
    public (Tensor Images, IReadOnlyList<GroundTruth> Truths) Apply(Tensor images, IReadOnlyList<GroundTruth> truths, int iteration)
    {
        var size = SizeOf(iteration);
        if (size == imageSize)
            return (images, truths);
        var factor = (float)size / imageSize;
        return (
            F.interpolate(images, size: [size, size], mode: InterpolationMode.Bilinear, align_corners: false),
            [.. truths.Select(truth => truth with { Boxes = [.. truth.Boxes.Select(box => new Box(box.X1 * factor, box.Y1 * factor, box.X2 * factor, box.Y2 * factor))] })]);
    }
}
