using System.Runtime.InteropServices;
using Sscma.Detection;
using Sscma.Training.Assignment;
using Sscma.Training.Configuration;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Losses;

/// <summary>
/// RTMDet's loss: assign, then quality focal loss on every (cell, class) and generalised-IoU loss on foreground cells.
/// Source: SSCMA ModelAssistant, state of December 2024 (RTMDet head).
/// </summary>
public sealed class RtmDetLoss(DetectorConfig config)
{
    /// <summary>
    /// Computes the loss of a batch; the caller holds a dispose scope. <paramref name="truths"/> has one entry per image.
    /// </summary>
    public LossResult Compute(HeadOutputs outputs, IReadOnlyList<GroundTruth> truths)
    {
        var batch = Assign(outputs, truths, SlotsOf(truths));
        return Compute(batch, Math.Max(1, batch.MetricSum));
    }

    /// <summary>The largest number of objects in any image.</summary>
    public static int SlotsOf(IReadOnlyList<GroundTruth> truths) => truths.Max(truth => truth.Count);

    /// <summary>The first half: decodes boxes and assigns targets. <paramref name="slots"/> is that of the whole batch if this is a part of one.</summary>
    public AssignedBatch Assign(HeadOutputs outputs, IReadOnlyList<GroundTruth> truths, int slots)
    {
        var points = PointsOf(outputs, config.Model.PointOffset);
        var logits = Flatten(outputs.Classes, null); // (B, N, C)
        var boxes = BoxDecoder.Decode(points, Flatten(outputs.Distances, RtmDetNetwork.Strides)); // (B, N, 4)
        return new AssignedBatch(logits, boxes, Assign(points, boxes, logits, truths, slots));
    }

    /// <summary>The second half: the losses, both sums divided by <paramref name="average"/>: the sum of all metrics of the batch, at least 1.</summary>
    public LossResult Compute(AssignedBatch batch, double average)
    {
        var cls = QualityFocalLoss.Sum(batch.Logits, batch.Targets, config.Loss.Beta).Times(config.Loss.ClsWeight / average);
        var bbox = GiouLoss.Sum(batch.Boxes, batch.Targets).Times(config.Loss.BboxWeight / average);
        return new LossResult(
            cls.Plus(bbox),
            cls.Number(),
            bbox.Number(),
            average,
            [.. batch.Targets.Select(image => image.Foreground.Count(isForeground => isForeground))]);
    }

    /// <summary>The cells of a batch's outputs.</summary>
    public static CellPoints PointsOf(HeadOutputs outputs, double offset) => CellPoints.Of(
        [.. outputs.Classes.Select((map, level) => (RtmDetNetwork.Strides[level], (int)map.shape[3], (int)map.shape[2]))], offset);

    /// <summary>Maps of all levels (B, K, H, W) → (B, N, K), each multiplied by its stride if strides are given.</summary>
    public static Tensor Flatten(IReadOnlyList<Tensor> maps, IReadOnlyList<int>? scales) => cat(
        [.. maps.Select((map, level) =>
        {
            var flat = map.permute(0, 2, 3, 1).reshape(map.shape[0], -1, map.shape[1]);
            return scales is null ? flat : flat.Times(scales[level]);
        })], 1);

    /// <summary>Targets of every image, without gradients. Images are assigned in parallel; they do not depend on each other.</summary>
    public CellTargets[] Assign(CellPoints points, Tensor boxes, Tensor logits, IReadOnlyList<GroundTruth> truths, int slots)
    {
        var allBoxes = ToArray(boxes);
        var allLogits = ToArray(logits);
        var targets = new CellTargets[truths.Count];
        var (boxStride, logitStride) = (allBoxes.Length / truths.Count, allLogits.Length / truths.Count);
        Parallel.For(0, truths.Count, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, image => targets[image] = DynamicSoftLabelAssigner.Assign(
            points,
            MemoryMarshal.Cast<float, Box>(allBoxes.AsSpan(image * boxStride, boxStride)),
            allLogits.AsSpan(image * logitStride, logitStride),
            truths[image],
            slots,
            config.Assigner.Topk));
        return targets;
    }

    private static float[] ToArray(Tensor tensor)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return tensor.detach().to_type(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }
}
