using System.Runtime.InteropServices;
using Sscma.Detection;
using Sscma.Training.Assignment;
using Sscma.Training.Configuration;
using Sscma.Training.Loop;
using Sscma.Training.Losses;
using Sscma.Training.Network;
using Sscma.Training.Optimization;
using Sscma.Training.Tests.Goldens;
using TorchSharp;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Devices;

/// <summary>
/// What a GPU would compute, without one: libtorch's "meta" device has shapes and types and no numbers, and refuses, as a GPU does, to mix its tensors with the
/// processor's. The types of mixed precision are tried on the processor, in bfloat16: its float16 is too slow for a test.
/// </summary>
[TestClass]
public sealed class OtherDeviceTests
{
    private static readonly ModelConfig Tiny = new() { Widen = 0.125, NumClasses = 3, ChannelAttention = true, NeckBlocks = 3, SplitPooling = true };
    private static readonly DetectorConfig Config = new() { Model = Tiny };

    [TestMethod]
    public void Boxes_steps_and_averages_stay_on_the_device_of_the_numbers()
    {
        using var detector = RtmDet.Create(Tiny, seed: 1, device: META);
        using var average = new ExponentialMovingAverage(detector, new EmaConfig());
        using var optimizer = new AdamW(detector.Parameters, new OptimConfig());
        using var scope = NewDisposeScope();
        Tensor Map(int channels, int stride) => zeros([2, channels, 64 / stride, 64 / stride], device: META).requires_grad_(true);
        var outputs = new HeadOutputs([.. RtmDetNetwork.Strides.Select(stride => Map(3, stride))], [.. RtmDetNetwork.Strides.Select(stride => Map(4, stride))]);
        for (var step = 0; step < 2; step++)
        {
            var points = RtmDetLoss.PointsOf(outputs, 0);
            var logits = RtmDetLoss.Flatten(outputs.Classes, null);
            var boxes = BoxDecoder.Decode(points, RtmDetLoss.Flatten(outputs.Distances, RtmDetNetwork.Strides));
            CellTargets[] targets = [Target(points.Count), Target(points.Count)];
            // This device has no log-sigmoid; what is refused for mixing devices is refused before it.
            Assert.Contains("log_sigmoid", Assert.ThrowsExactly<ExternalException>(() => QualityFocalLoss.Sum(logits, targets, 2)).Message);
            Assert.AreEqual(DeviceType.META, GiouLoss.Giou(boxes[0].detach(), boxes[1].detach()).device_type);
            (logits.sum() + boxes.sum()).backward();
            optimizer.Step(1e-3);
            average.Update();
        }

        var twin = detector.Parameters.Twin();
        Tensor[] made =
        [
            outputs.Classes[2].grad!, outputs.Distances[0].grad!, average.Model.Parameters.Values, detector.Parameters["neck.out_layers.0.conv.weight"].grad!, twin.Gradients!, twin.Statistics,
            new TorchOps(detector.Parameters, training: true).Standardize(zeros([1, 3, 8, 8], device: META), [1, 2, 3], [4, 5, 6]),
        ];
        foreach (var tensor in made)
            Assert.AreEqual(DeviceType.META, tensor.device_type);
    }

    [TestMethod]
    public void Images_go_to_the_device_as_bytes()
    {
        using var there = BatchTensors.Images(new byte[2 * 64 * 64 * 3], 2, 64, META);

        Assert.AreEqual((DeviceType.META, ScalarType.Float32), (there.device_type, there.dtype));
        Assert.AreSequenceEqual([2L, 3, 64, 64], there.shape);
    }

    [TestMethod]
    public void Convolutions_in_half_the_bits_train_what_float32_trains()
    {
        const string name = "nano_relu.192x192";
        using var exact = Golden.Model(name);
        using var reduced = new RtmDet(exact.Network, Golden.Model(name).Parameters) { Reduced = ScalarType.BFloat16 };

        var (loss, gradients) = Step(exact, name, 1);
        var (reducedLoss, reducedGradients) = Step(reduced, name, 1);
        var (_, scaled) = Step(reduced, name, 1024);

        Assert.AreNotEqual(loss, reducedLoss, "it did compute in another type");
        Assert.AreEqual(loss, reducedLoss, 0.02 * loss);
        Assert.IsGreaterThan(0.95, Cosine(gradients, reducedGradients));
        Assert.IsGreaterThan(0.999, Cosine(reducedGradients, scaled), "the factor of the loss is a power of two");
        Assert.AreEqual(1024, Norm(scaled) / Norm(reducedGradients), 5);
    }

    [TestMethod]
    public void What_is_validated_is_float32()
    {
        using var exact = RtmDet.Create(Tiny, seed: 3);
        using var reduced = RtmDet.Create(Tiny, seed: 3, reduced: ScalarType.BFloat16);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var images = rand([2, 3, 96, 96], generator: new Generator(5));

        Assert.AreSequenceEqual(exact.Forward(images, training: false).ToLevelOutputs(0)[0].ClassLogits.ToArray(), reduced.Forward(images, training: false).ToLevelOutputs(0)[0].ClassLogits.ToArray());
    }

    [TestMethod]
    public void The_factor_of_the_loss_halves_where_gradients_overflow_and_grows_where_they_do_not()
    {
        var scaler = new LossScaler();
        using var gradients = tensor(new float[] { 65536, -131072 });
        Assert.AreEqual(65536, scaler.Factor);

        Assert.IsTrue(scaler.Unscale(gradients));
        Assert.AreSequenceEqual([1f, -2f], gradients.data<float>().ToArray());
        foreach (var bad in new[] { float.PositiveInfinity, float.NaN })
        {
            gradients[0] = tensor(bad);
            Assert.IsFalse(scaler.Unscale(gradients));
            Assert.AreSequenceEqual([0f, 0f], gradients.data<float>().ToArray());
        }

        Assert.AreEqual(16384, scaler.Factor);
        for (var step = 0; step < 1500; step++)
            scaler.Unscale(gradients);
        var resumed = new LossScaler();
        resumed.Import(scaler.Export());
        for (var step = 0; step < 500; step++)
        {
            Assert.AreEqual(16384, resumed.Factor);
            resumed.Unscale(gradients);
        }

        Assert.AreEqual(32768, resumed.Factor, "2000 steps without an overflow, over an interruption");
    }

    private static (double Loss, double[] Gradients) Step(RtmDet detector, string golden, double factor)
    {
        var batch = new TrainCase(golden);
        using var scope = NewDisposeScope();
        using var gradients = new BatchGradients(detector, Config with { Train = Config.Train with { Threads = 1 } }) { LossFactor = factor };
        var loss = gradients.Compute(batch.Input(), batch.Truths());
        return (loss.Value, [.. detector.Parameters.Gradients!.data<float>().ToArray().Select(value => (double)value)]);
    }

    private static double Norm(double[] vector) => Math.Sqrt(vector.Sum(value => value * value));

    private static double Cosine(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum() / (Norm(a) * Norm(b));

    private static CellTargets Target(int cells)
    {
        var targets = new CellTargets(new int[cells], new Box[cells], new float[cells], new bool[cells]);
        Array.Fill(targets.Labels, 3);
        (targets.Labels[5], targets.Boxes[5], targets.Metrics[5], targets.Foreground[5]) = (1, new Box(4, 4, 30, 20), 0.5f, true);
        return targets;
    }
}
