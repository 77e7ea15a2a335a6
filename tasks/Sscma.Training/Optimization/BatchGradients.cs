using Sscma.Training.Assignment;
using Sscma.Training.Configuration;
using Sscma.Training.Losses;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Optimization;

/// <summary>
/// Forward and backward over one batch. Each thread takes a part of the images through the whole network, so that threads meet once a
/// step and not at every operation. A norm sees the images of its part, as it does where a batch is spread over devices; losses, gradients and
/// running statistics are those of all parts together. The parts follow from the configuration, not from the machine.
/// </summary>
public sealed class BatchGradients : IDisposable
{
    // With fewer images a norm's statistics of the coarsest level get poor.
    private const int LeastImages = 8;

    private readonly RtmDet _detector;
    private readonly RtmDetLoss _loss;
    private readonly RtmDet[] _parts;

    // libtorch makes the kernels of a shape when it first meets it. Two threads that do so at the same moment now and then crash the process, in oneDNN's convolutions (libtorch 2.10):
    // the first time they take turns.
    private readonly HashSet<(long Images, long Height, long Width)> _metShapes = [];
    private readonly Lock _turn = new();

    /// <summary>Gradients for a detector, by <c>train.threads</c> threads.</summary>
    public BatchGradients(RtmDet detector, DetectorConfig config)
    {
        (_detector, _loss) = (detector, new RtmDetLoss(config));
        _parts = [detector, .. Enumerable.Range(1, config.Train.Threads - 1).Select(_ => Part(detector))];
    }

    /// <summary>What the loss is multiplied by before it goes back through the network (<see cref="LossScaler"/>).</summary>
    public double LossFactor { get; set; } = 1;

    /// <summary>Puts the gradients of a batch in place of those in the detector's store.</summary>
    /// <param name="images">(N, 3, H, W), RGB, pixel/255.</param>
    /// <param name="truths">The objects of each image.</param>
    public BatchLoss Compute(Tensor images, IReadOnlyList<GroundTruth> truths)
    {
        _detector.Parameters.ClearGradients();
        // A GPU is one device whatever the number of threads.
        var parts = images.device_type == TorchSharp.DeviceType.CPU ? Math.Clamp(truths.Count / LeastImages, 1, _parts.Length) : 1;
        var loss = parts == 1 ? ComputeWhole(images, truths) : ComputeWithOneThreadEach(images, truths, parts);
        _detector.Learner?.Follow([.. _parts[..parts].Select(part => part.Watch!)]);
        return loss;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _parts[1..])
            part.Dispose();
    }

    private static RtmDet Part(RtmDet detector)
    {
        var part = new RtmDet(detector.Network, detector.Parameters.Twin()) { Reduced = detector.Reduced };
        if (detector.Learner is { } learner)
            part.Quantize(learner);
        return part;
    }

    private BatchLoss ComputeWithOneThreadEach(Tensor images, IReadOnlyList<GroundTruth> truths, int parts)
    {
        var threadsBefore = get_num_threads();
        set_num_threads(1);
        try
        {
            return ComputeParts(images, truths, parts);
        }
        finally
        {
            set_num_threads(threadsBefore);
        }
    }

    private BatchLoss ComputeWhole(Tensor images, IReadOnlyList<GroundTruth> truths)
    {
        using var scope = NewDisposeScope();
        var loss = _loss.Compute(_detector.Forward(images, training: true), truths);
        (LossFactor == 1 ? loss.Total : loss.Total.Times(LossFactor)).backward();
        return new BatchLoss(loss.Cls, loss.Bbox);
    }

    private BatchLoss ComputeParts(Tensor images, IReadOnlyList<GroundTruth> truths, int count)
    {
        using var scope = NewDisposeScope();
        var slots = RtmDetLoss.SlotsOf(truths);
        var inTurns = _metShapes.Add((images.shape[0], images.shape[2], images.shape[3]));
        var metrics = new double[count];
        var losses = new BatchLoss[count];
        var failures = new Exception?[count];
        foreach (var part in _parts[1..count])
        {
            part.Parameters.Statistics.copy_(_detector.Parameters.Statistics);
            part.Parameters.ClearGradients();
        }

        void Take(Action work)
        {
            if (!inTurns)
            {
                work();
                return;
            }

            lock (_turn)
                work();
        }

        void Run(int part)
        {
            try
            {
                var (first, last) = (truths.Count * part / count, truths.Count * (part + 1) / count);
                using var partScope = NewDisposeScope();
                Take(() =>
                {
                    var assigned = _loss.Assign(_parts[part].Forward(images.narrow(0, first, last - first), training: true), [.. truths.Take(first..last)], slots);
                    var loss = _loss.Compute(assigned, average: 1);
                    loss.Total.backward();
                    (metrics[part], losses[part]) = (assigned.MetricSum, new BatchLoss(loss.Cls, loss.Bbox));
                });
            }
            catch (Exception failure)
            {
                failures[part] = failure;
            }
        }

        var threads = Enumerable.Range(1, count - 1).Select(part => new Thread(() => Run(part)) { IsBackground = true, Name = $"part {part} of a batch" }).ToList();
        threads.ForEach(thread => thread.Start());
        Run(0);
        threads.ForEach(thread => thread.Join());
        if (failures.FirstOrDefault(failure => failure is not null) is { } first)
            throw new InvalidOperationException("a part of the batch failed", first);
        var average = Math.Max(1, metrics.Sum());
        Unite(truths.Count, count, average);
        return new BatchLoss(losses.Sum(loss => loss.Cls) / average, losses.Sum(loss => loss.Bbox) / average);
    }

    // Losses are sums over the whole batch's average, which is known only now: no part waits for another to learn it. Statistics are weighed by the images they come from.
    private void Unite(int images, int count, double average)
    {
        using var guard = no_grad();
        var statistics = _detector.Parameters.Statistics;
        for (var part = 0; part < count; part++)
        {
            var weight = ((images * (part + 1) / count) - (images * part / count)) / (double)images;
            if (part == 0)
            {
                statistics.MultiplyBy(weight);
                _detector.Parameters.Gradients!.DivideBy(average);
                continue;
            }

            statistics.Increase(_parts[part].Parameters.Statistics, weight);
            _detector.Parameters.Gradients!.Increase(_parts[part].Parameters.Gradients!, 1 / average);
        }
    }
}
