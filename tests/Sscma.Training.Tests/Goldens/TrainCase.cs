using System.Text.Json;
using Sscma.Detection;
using Sscma.Tensors;
using Sscma.Training.Assignment;
using Sscma.Training.Configuration;
using Sscma.Training.Losses;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Goldens;

/// <summary>One ".train" case: a batch with its objects and everything that the reference computed from it.</summary>
internal sealed class TrainCase(string name)
{
    public const string Ending = ".train.safetensors";

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; } = Golden.Tensors(name + Ending);

    public JsonElement Facts { get; } = Golden.Json($"{name}.train.json");

    public int BatchSize => (int)Tensors["input"].Shape[0];

    public RtmDetLoss Loss { get; } = new(new DetectorConfig());

    /// <summary>Relative difference of a gradient norm between float32 and float64 in the reference itself: the noise.</summary>
    public double GradientNoise => Facts.GetProperty("float64").GetProperty("max_rel_grad_norm_diff").GetDouble();

    public Tensor Input(ScalarType type = ScalarType.Float32) => Golden.ToTorch(Tensors["input"], type);

    /// <summary>The reference's own outputs as leaves that take gradients.</summary>
    public HeadOutputs StoredOutputs(ScalarType type = ScalarType.Float32)
    {
        Tensor Leaf(string key, int level) => Golden.ToTorch(Tensors[$"{key}.{level}"], type).requires_grad_(true);
        return new HeadOutputs([.. Enumerable.Range(0, 3).Select(level => Leaf("cls_score", level))], [.. Enumerable.Range(0, 3).Select(level => Leaf("bbox_pred", level))]);
    }

    public GroundTruth[] Truths()
    {
        var rows = Tensors["gt"].As<float>().ToArray().Chunk(6).ToLookup(row => (int)row[0]);
        return [.. Enumerable.Range(0, BatchSize).Select(image => new GroundTruth(
            [.. rows[image].Select(row => new Box(row[2], row[3], row[4], row[5]))],
            [.. rows[image].Select(row => (int)row[1])]))];
    }
}
