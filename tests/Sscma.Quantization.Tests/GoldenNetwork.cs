using System.Globalization;
using Sscma.Natives;
using Sscma.Onnx;
using Sscma.Tensors;
using Sscma.TestSupport;
using Sscma.Training.Network;
using Sscma.Training.Weights;
using static TorchSharp.torch;

namespace Sscma.Quantization.Tests;

/// <summary>
/// nano_relu at 192x192 with the reference's weights (tests/data/rtmdet), eight images of its training case: four, and each mirrored.
/// </summary>
internal static class GoldenNetwork
{
    public const int Size = 192;

    private static readonly Lazy<(RtmDet Detector, OnnxModel Model)> Loaded = new(Load);

    public static string Folder { get; } = TestPaths.Goldens("SSCMA_GOLDENS_RTMDET", "rtmdet");

    public static OnnxModel Model => Loaded.Value.Model;

    public static RtmDet Detector => Loaded.Value.Detector;

    public static float[][] Images { get; } = Read();

    private static (RtmDet Detector, OnnxModel Model) Load()
    {
        NativeLibraries.UseTorch();
        set_num_threads(1);
        var weights = SafeTensors.Read(Path.Combine(Folder, "nano_relu.weights.safetensors"));
        var detector = RtmDet.Create(ModelShape.Infer(weights) with { SplitPooling = true }, seed: 0);
        detector.Parameters.Import(weights);
        var labels = Enumerable.Range(0, detector.Network.Config.NumClasses).Select(index => index.ToString(CultureInfo.InvariantCulture)).ToArray();
        return (detector, OnnxExport.Write(detector, Size, labels));
    }

    private static float[][] Read()
    {
        var input = SafeTensors.Read(Path.Combine(Folder, $"nano_relu.{Size}x{Size}.train.safetensors"))["input"];
        var images = input.As<float>().ToArray().Chunk(3 * Size * Size).ToList();
        return [.. images, .. images.Select(Mirrored)];
    }

    private static float[] Mirrored(float[] image)
    {
        var mirrored = (float[])image.Clone();
        for (var row = 0; row < 3 * Size; row++)
            mirrored.AsSpan(row * Size, Size).Reverse();
        return mirrored;
    }
}
