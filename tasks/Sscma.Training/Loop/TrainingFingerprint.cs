using System.Text;
using Sscma.Coco;
using Digests = Sscma.Files.Digest;
using Sscma.Training.Devices;
using Sscma.Training.Network;
using Sscma.Training.Weights;

namespace Sscma.Training.Loop;

/// <summary>Names everything that decides the bytes of a training, by content: equal fingerprints, equal weights (on one machine).</summary>
internal sealed record TrainingFingerprint(string TrainAnnotations, string TrainImages, string ValAnnotations, string ValImages, string Config, string Device, string Code, string? WarmStart, string? Pretrained)
{
    /// <summary>One digest of all.</summary>
    public string Digest() => Digests.OfBytes(Encoding.UTF8.GetBytes(
        string.Join('\n', TrainAnnotations, TrainImages, ValAnnotations, ValImages, Config, Device, Code, WarmStart, Pretrained)));

    /// <summary>Reads every file once.</summary>
    public static TrainingFingerprint Of(TrainingData data, string effectiveConfig, ComputePlan compute, StartingWeights? start, PretrainedStart? pretrained) => new(
        data.Training.AnnotationDigest(),
        OfImages(data.Training),
        data.Validation.AnnotationDigest(),
        OfImages(data.Validation),
        Digests.OfBytes(Encoding.UTF8.GetBytes(effectiveConfig)),
        compute.ToString(),
        OfCode(),
        start?.Lineage[^1].Weights,
        pretrained?.File.Sha256);

    /// <summary>Names and contents of a split's images, in the order of the annotation file.</summary>
    private static string OfImages(CocoDataset dataset)
    {
        var lines = new string[dataset.Images.Count];
        Parallel.For(0, lines.Length, i => lines[i] = $"{dataset.Images[i].FileName}\0{Digests.OfFile(dataset.Images[i].Path)}");
        return Digests.OfBytes(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }

    /// <summary>The assemblies whose code computes the training. A deterministic compiler gives a module the same id for the same source.</summary>
    private static string OfCode() => string.Join(' ', new[] { typeof(RtmDet), typeof(CocoDataset), typeof(Digests), typeof(TorchSharp.torch) }
        .Select(type => type.Assembly.ManifestModule.ModuleVersionId.ToString("N")));
}
