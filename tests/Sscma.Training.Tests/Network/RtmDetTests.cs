using Sscma.Detection;
using Sscma.Imaging;
using Sscma.Onnx;
using Sscma.TestSupport;
using Sscma.Training.Assignment;
using Sscma.Training.Configuration;
using Sscma.Training.Losses;
using Sscma.Training.Network;
using Sscma.Training.Optimization;
using Sscma.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Network;

[TestClass]
public sealed class RtmDetTests
{
    private static readonly ModelConfig Tiny = new() { Widen = 0.125, NumClasses = 3, ChannelAttention = true, NeckBlocks = 3 };

    [TestMethod]
    public void The_same_seed_draws_the_same_weights_and_another_seed_others()
    {
        using var first = RtmDet.Create(Tiny, seed: 7);
        using var again = RtmDet.Create(Tiny, seed: 7);
        using var other = RtmDet.Create(Tiny, seed: 8);

        Assert.AreSequenceEqual(Flat(first), Flat(again));
        Assert.IsFalse(Flat(first).SequenceEqual(Flat(other)));
    }

    [TestMethod]
    public void First_weights_follow_the_recipe()
    {
        using var detector = RtmDet.Create(new ModelConfig { ChannelAttention = true }, seed: 1);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Tensor Of(string name) => detector.Parameters[name].detach();

        var spatial = Of("backbone.stage3.0.conv.weight"); // fan-in 64·9
        Assert.AreEqual(1 / Math.Sqrt(64 * 9), spatial.abs().max().ToDouble(), 1e-4, "uniform up to 1/√fan-in");
        Assert.AreEqual(1 / Math.Sqrt(3 * 64 * 9), spatial.std().ToDouble(), 3e-4);
        var depthwise = Of("backbone.stage4.2.blocks.0.conv2.depthwise_conv.conv.weight"); // fan-in 25
        Assert.AreEqual(0.2, depthwise.abs().max().ToDouble(), 1e-3);
        Assert.AreEqual(0.01, Of("bbox_head.head_module.cls_convs.0.0.conv.weight").std().ToDouble(), 2e-4);
        Assert.AreEqual(-4.59512, Of("bbox_head.head_module.rtm_cls.2.bias").mean().ToDouble(), 1e-5);
        Assert.AreEqual(0, Of("bbox_head.head_module.rtm_reg.0.bias").abs().max().ToDouble());
        Assert.AreEqual(0, Of("backbone.stage1.1.attention.fc.bias").abs().max().ToDouble());
        Assert.AreEqual(1, Of("neck.out_layers.0.bn.weight").min().ToDouble());
        Assert.AreEqual(1, Of("neck.out_layers.0.bn.running_var").max().ToDouble());
        Assert.AreEqual(0, Of("neck.out_layers.0.bn.running_mean").abs().max().ToDouble());
    }

    [TestMethod]
    [DataRow("cspnext", "relu", "unit")]
    [DataRow("cspnext", "silu", "imagenet")]
    [DataRow("mobilenetv4_conv_small", "silu", "imagenet")]
    public void Onnx_runtime_gives_what_torch_gives(string backbone, string activation, string input)
    {
        using var detector = RtmDet.Create(Tiny with { SplitPooling = true, Backbone = backbone, Activation = activation, Input = input }, seed: 3);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        for (var i = 0; i < 4; i++)
            detector.Forward(rand([4, 3, 96, 96], generator: Seeded(i)), training: true); // statistics that are not the identity
        var images = rand([8, 3, 96, 96], generator: Seeded(9));
        using var session = new OnnxSession(OnnxExport.Write(detector, 96, ["a", "b", "c"]));

        var outputs = detector.Forward(images, training: false);

        for (var image = 0; image < 8; image++)
        {
            var written = session.Run(images[image].contiguous().data<float>().ToArray(), 1, 3, 96, 96);
            foreach (var (i, map) in outputs.Classes.Concat(outputs.Distances).Index())
                Goldens.Golden.AreClose(map[image].contiguous().data<float>().ToArray(), written[i].Floats(), 1e-4, $"output {i} of image {image}");
        }
    }

    [TestMethod]
    public void The_onnx_file_says_what_it_detects()
    {
        using var detector = RtmDet.Create(Tiny, seed: 3);

        var model = OnnxExport.Write(detector, 96, ["bolt", "Mutter „ü“", "c"]);

        Assert.AreEqual("96", model.Metadata[OnnxMetadata.ImageSize]);
        Assert.IsFalse(model.Metadata.ContainsKey(OnnxMetadata.Resize));
        Assert.AreEqual("Stretch", OnnxExport.Write(detector, 96, ["a", "b", "c"], ResizeMode.Stretch).Metadata[OnnxMetadata.Resize]);
        Assert.AreEqual("8,16,32", model.Metadata[OnnxMetadata.Strides]);
        Assert.AreEqual("0", model.Metadata[OnnxMetadata.PointOffset]);
        Assert.AreSequenceEqual(["bolt", "Mutter „ü“", "c"], System.Text.Json.JsonSerializer.Deserialize<string[]>(model.Metadata[OnnxMetadata.Labels])!);
        Assert.AreSequenceEqual([1L, 3, 96, 96], model.Inputs.Single().Shape!);
    }

    [TestMethod]
    [DataRow("cspnext", "relu", "unit")]
    [DataRow("mobilenetv4_conv_small", "silu", "imagenet")]
    public void Weights_come_back_from_their_file_and_tell_their_network(string backbone, string activation, string input)
    {
        var file = Path.Combine(TestPaths.Scratch(), "weights.safetensors");
        using var saved = RtmDet.Create(Tiny with { ShareHeadConvs = true, Backbone = backbone, Activation = activation, Input = input }, seed: 5);
        WeightFile.Save(file, saved.Parameters);
        using var loaded = RtmDet.Create(ModelShape.Infer(Sscma.Tensors.SafeTensors.Read(file)), seed: 6);

        WeightFile.Load(file, loaded.Parameters);

        Assert.AreSequenceEqual(Flat(saved), Flat(loaded));
        var config = loaded.Network.Config;
        Assert.AreEqual((true, backbone, activation, input), (config.ShareHeadConvs, config.Backbone, config.Activation, config.Input));
    }

    [TestMethod]
    public void Weights_of_another_network_are_refused()
    {
        var file = Path.Combine(TestPaths.Scratch(), "weights.safetensors");
        using var saved = RtmDet.Create(Tiny, seed: 5);
        WeightFile.Save(file, saved.Parameters);
        using var other = RtmDet.Create(Tiny with { NumClasses = 4 }, seed: 5);

        var error = Assert.ThrowsExactly<Sscma.Diagnostics.DiagnosticException>(() => WeightFile.Load(file, other.Parameters)).Diagnostic;

        Assert.AreEqual((Sscma.Diagnostics.Codes.WeightsMismatch, file), (error.Code, error.File));
        Assert.Contains("'bbox_head.head_module.rtm_cls.0.weight' is F32 [3, 32, 1, 1], the network needs F32 [4, 32, 1, 1]", error.Message);
    }

    [TestMethod]
    public void A_training_that_stops_and_goes_on_ends_with_the_same_bits()
    {
        using var straight = new Training();
        straight.Run(0, 4);
        using var before = new Training();
        before.Run(0, 2);
        using var after = new Training();
        after.Detector.Parameters.Import(before.Detector.Parameters.Export().ToDictionary());
        after.Optimizer.Import(before.Optimizer.Export());
        after.Average.Import(before.Average.Export());
        after.Run(2, 4);

        Assert.AreSequenceEqual(Flat(straight.Detector), Flat(after.Detector));
        Assert.AreSequenceEqual(Flat(straight.Average.Model), Flat(after.Average.Model));
        Assert.AreSequenceEqual(straight.Detector.Parameters.Batches.ToArray(), after.Detector.Parameters.Batches.ToArray());
        Assert.AreEqual(1L, straight.Average.Model.Parameters.Batches[0], "a counter of the average stays at the first copy");
        Assert.AreEqual(4L, straight.Detector.Parameters.Batches[0]);
    }

    private static Generator Seeded(int seed) => new((ulong)seed);

    private static float[] Flat(RtmDet detector) => detector.Parameters.Values.data<float>().ToArray();

    private sealed class Training : IDisposable
    {
        private static readonly DetectorConfig Config = new() { Model = Tiny };

        public Training()
        {
            Detector = RtmDet.Create(Tiny, seed: 2);
            set_num_threads(1);
            Optimizer = new AdamW(Detector.Parameters, Config.Optim);
            Average = new ExponentialMovingAverage(Detector, Config.Ema);
        }

        public RtmDet Detector { get; }

        public AdamW Optimizer { get; }

        public ExponentialMovingAverage Average { get; }

        public void Run(int from, int to)
        {
            var truth = new GroundTruth([new Box(8, 8, 40, 60), new Box(30, 20, 90, 80)], [0, 2]);
            for (var i = from; i < to; i++)
            {
                using var scope = NewDisposeScope();
                var loss = new RtmDetLoss(Config).Compute(Detector.Forward(rand([2, 3, 96, 96], generator: Seeded(i)), training: true), [truth, GroundTruth.Empty]);
                loss.Total.backward();
                Optimizer.Step(1e-3);
                Average.Update();
            }
        }

        public void Dispose()
        {
            Average.Dispose();
            Optimizer.Dispose();
            Detector.Dispose();
        }
    }
}
