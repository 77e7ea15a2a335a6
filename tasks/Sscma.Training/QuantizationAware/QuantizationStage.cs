using Sscma.Coco;
using Sscma.Imaging;
using Sscma.Training.Configuration;
using Sscma.Training.Loading;
using Sscma.Training.Loop;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.QuantizationAware;

/// <summary>
/// The last stage of a training with <c>quantization.method: qat</c>, after the reference's (state of December 2024): the augmentation of stage 2, a small rate, no averaged
/// weights. There neither the ranges nor the norms ever came to rest; here they do when they were meant to.
/// </summary>
internal static class QuantizationStage
{
    /// <summary>Sub-folder of the work folder for the training in floats that comes before.</summary>
    public const string FloatFolder = "float";

    private const int FirstLook = 64;
    private const int Batch = 16;

    /// <summary>What the training in floats is configured by.</summary>
    public static DetectorConfig Floats(DetectorConfig config) => config with { Quantization = new QuantizationConfig() };

    /// <summary>What the stage is configured by.</summary>
    public static DetectorConfig Of(DetectorConfig config) => config with
    {
        Train = config.Train with { MaxEpochs = config.Quantization.Epochs, Stage2Epochs = 0, ValInterval = 1, Amp = false, Bfloat16 = false, MaxMinutes = 0, Patience = 0, TargetMap = 0 },
        Optim = config.Optim with { Lr = config.Quantization.Lr },
        Ema = config.Ema with { Enabled = false },
        Augmentation = config.Augmentation with { Order = config.Augmentation.Stage2Order },
    };

    /// <summary>The epoch from which the ranges rest, and that from which the norms do, counted from 0.</summary>
    public static (int Ranges, int Norms) RestFrom(int epochs) => (epochs / 3, 2 * (epochs / 3));

    /// <summary>Learns the first ranges from training images as they are, by a detector that still computes in floats.</summary>
    public static void Look(RtmDet detector, IReadOnlyList<TrainingImage> images, int size, ResizeMode mode)
    {
        var count = Math.Min(FirstLook, images.Count);
        int[] chosen = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * images.Count / count))];
        foreach (var batch in chosen.Chunk(Batch))
        {
            var pixels = new byte[batch.Length * size * size * 3];
            Parallel.For(0, batch.Length, i => InputImage.Of(ImageFile.Decode(images[batch[i]].Path), size, size, mode).Image.Pixels.CopyTo(pixels.AsSpan(i * size * size * 3)));
            using var guard = no_grad();
            using var scope = NewDisposeScope();
            detector.Forward(BatchTensors.Images(pixels, batch.Length, size, detector.Parameters.Values.device), training: false);
        }

        detector.Learner!.Follow([detector.Watch!]);
    }
}
