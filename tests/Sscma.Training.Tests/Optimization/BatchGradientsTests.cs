using Sscma.Detection;
using Sscma.Training.Assignment;
using Sscma.Training.Configuration;
using Sscma.Training.Losses;
using Sscma.Training.Network;
using Sscma.Training.Optimization;
using Sscma.Training.QuantizationAware;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Optimization;

// Threads are a setting of the whole process.
[TestClass]
[DoNotParallelize]
public sealed class BatchGradientsTests
{
    private const int Images = 17; // parts of 8 and 9

    private static readonly ModelConfig Tiny = new() { Widen = 0.125, NumClasses = 3, ChannelAttention = true, NeckBlocks = 3 };

    [TestMethod]
    public void One_thread_gives_the_loss_and_gradients_of_the_whole_batch()
    {
        using var scope = NewDisposeScope();
        using var detector = Detector();
        using var plain = Detector();
        var expected = new RtmDetLoss(Config(1)).Compute(plain.Forward(Batch(), training: true), Truths());
        expected.Total.backward();
        using var gradients = new BatchGradients(detector, Config(1));

        var loss = gradients.Compute(Batch(), Truths());

        Assert.AreEqual(new BatchLoss(expected.Cls, expected.Bbox), loss);
        Assert.AreSequenceEqual(Floats(plain.Parameters.Gradients!), Floats(detector.Parameters.Gradients!));
    }

    [TestMethod]
    [DataRow(false, DisplayName = "in floats")]
    [DataRow(true, DisplayName = "as the int8 file computes")]
    public void The_collector_may_run_at_any_moment_of_a_step(bool quantized)
    {
        using var scope = NewDisposeScope();
        using var detector = RtmDet.Create(Tiny with { Activation = "silu", Input = "imagenet" }, seed: 3);
        if (quantized)
            detector.Quantize(new RangeLearner(detector, 64));
        using var gradients = new BatchGradients(detector, Config(2));
        using var optimizer = new AdamW(detector.Parameters, new OptimConfig());
        var stop = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            // Numbers that are not held until libtorch has read them fail here within a few steps.
            for (var step = 0; step < 10; step++)
            {
                using var batch = NewDisposeScope();
                Assert.IsTrue(double.IsFinite(gradients.Compute(Batch(), Truths()).Value));
                optimizer.Step(0.001);
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
            collector.Join();
        }
    }

    [TestMethod]
    public void Two_threads_give_the_sum_of_their_parts_over_the_batch_average()
    {
        using var scope = NewDisposeScope();
        using var detector = Detector();
        using var gradients = new BatchGradients(detector, Config(2));
        var loss = gradients.Compute(Batch(), Truths());

        var (images, truths, calculator) = (Batch(), Truths(), new RtmDetLoss(Config(1)));
        using var first = Detector();
        using var second = Detector();
        var slots = RtmDetLoss.SlotsOf(truths);
        var a = calculator.Assign(first.Forward(images.narrow(0, 0, 8), training: true), truths[..8], slots);
        var b = calculator.Assign(second.Forward(images.narrow(0, 8, 9), training: true), truths[8..], slots);
        var average = a.MetricSum + b.MetricSum;
        Assert.IsGreaterThan(1, average);
        var (lossA, lossB) = (calculator.Compute(a, average), calculator.Compute(b, average));
        (lossA.Total + lossB.Total).backward();

        Assert.AreEqual(lossA.Cls + lossB.Cls, loss.Cls, 1e-6 * loss.Cls);
        Assert.AreEqual(lossA.Bbox + lossB.Bbox, loss.Bbox, 1e-6 * loss.Bbox);
        var sum = first.Parameters.Gradients! + second.Parameters.Gradients!;
        Goldens.Golden.AreClose(Floats(sum), Floats(detector.Parameters.Gradients!), 1e-5, "gradients");
        using var guard = no_grad();
        var statistics = (first.Parameters.Statistics * (8.0 / 17)) + (second.Parameters.Statistics * (9.0 / 17));
        Goldens.Golden.AreClose(Floats(statistics), Floats(detector.Parameters.Statistics), 1e-6, "statistics");
        Assert.AreEqual(1L, detector.Parameters.Batches[0]);
    }

    [TestMethod]
    public void Two_threads_give_the_same_bits_every_time()
    {
        float[] Run()
        {
            using var detector = Detector();
            using var gradients = new BatchGradients(detector, Config(2));
            using var optimizer = new AdamW(detector.Parameters, new OptimConfig());
            for (var step = 0; step < 3; step++)
            {
                using var scope = NewDisposeScope();
                gradients.Compute(Batch(), Truths());
                optimizer.Step(1e-3);
            }

            return Floats(detector.Parameters.Values);
        }

        Assert.AreSequenceEqual(Run(), Run());
    }

    [TestMethod]
    public void A_failure_in_a_part_ends_the_step_and_is_told()
    {
        using var scope = NewDisposeScope();
        using var detector = Detector();
        using var gradients = new BatchGradients(detector, Config(2));
        var truths = Truths();
        truths[16] = new GroundTruth([new Box(10, 10, 50, 50)], [1_000_000]); // there are classes 0 to 2

        var failure = Assert.ThrowsExactly<InvalidOperationException>(() => gradients.Compute(Batch(), truths));

        Assert.IsInstanceOfType<IndexOutOfRangeException>(Root(failure));
    }

    // Boxes of three by three cells from the start, so that overlaps sum up to more than 1.
    private static RtmDet Detector()
    {
        var detector = RtmDet.Create(Tiny, seed: 4);
        set_num_threads(1);
        using var guard = no_grad();
        for (var level = 0; level < 3; level++)
            detector.Parameters[$"bbox_head.head_module.rtm_reg.{level}.bias"].fill_(1.5);
        return detector;
    }

    private static Exception Root(Exception failure) => failure.InnerException is { } inner ? Root(inner) : failure;

    private static DetectorConfig Config(int threads) => new() { Model = Tiny, Train = new TrainConfig { Threads = threads } };

    private static Tensor Batch() => rand([Images, 3, 64, 64], generator: new Generator(11));

    private static GroundTruth[] Truths() => [.. Enumerable.Range(0, Images).Select(i =>
        i == 5 ? GroundTruth.Empty : new GroundTruth([new Box(i, 4, i + 30, 50), new Box(20, i, 60, i + 25)], [i % 3, (i + 1) % 3]))];

    private static float[] Floats(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
