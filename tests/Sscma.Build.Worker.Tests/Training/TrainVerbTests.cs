using Sscma.Build.Worker.Verbs;
using Sscma.Diagnostics;
using Sscma.TestSupport;

namespace Sscma.Build.Worker.Tests;

[TestClass]
public sealed class TrainVerbTests
{
    [TestMethod]
    public void Metadata_win_over_the_file_and_CfgOptions_over_metadata()
    {
        var request = TrainVerb.RequestOf(Options(
            ("imageSize", "96"), ("maxEpochs", "7"), ("batchSize", "3"), ("valInterval", "2"), ("seed", "11"), ("learningRate", "0.01"), ("threads", "1"),
            ("cfgOptions", "train.max_epochs=9; optim.weight_decay=0.1")));

        var (train, optim) = (request.Config.Train, request.Config.Optim);
        Assert.AreEqual((96, 9, 3, 2, 11, 1), (train.ImageSize, train.MaxEpochs, train.BatchSize, train.ValInterval, train.Seed, train.Threads));
        Assert.AreEqual((0.01, 0.1), (optim.Lr, optim.WeightDecay));
        Assert.AreEqual(20, train.Stage2Epochs, "a key that nobody overrides is the file's");
        Assert.AreEqual(("parts", "t.json", "t", "v.json", "v", "work"), (
            request.Model, request.TrainAnnotations, request.TrainImages, request.ValAnnotations, request.ValImages, request.WorkFolder));
    }

    [TestMethod]
    [DataRow("KeepRatio", "keep_ratio")]
    [DataRow("Stretch", "stretch")]
    public void Resize_is_the_configurations_word_and_CfgOptions_have_the_last_one(string metadata, string word)
    {
        Assert.AreEqual(word, TrainVerb.RequestOf(Options(("resize", metadata))).Config.Train.Resize);
        Assert.AreEqual("stretch", TrainVerb.RequestOf(Options(("resize", metadata), ("cfgOptions", "train.resize=stretch"))).Config.Train.Resize);
        Assert.AreEqual(word, TrainVerb.RequestOf(Options(("usualResize", metadata))).Config.Train.Resize);
        Assert.AreEqual(word, TrainVerb.RequestOf(Options(("resize", metadata), ("usualResize", "Stretch"))).Config.Train.Resize);
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => TrainVerb.RequestOf(Options(("resize", "Letterbox"))));
        Assert.AreEqual(Codes.ConfigBadValue, problem.Diagnostic.Code);
        Assert.Contains("metadata Resize", problem.Message);
    }

    [TestMethod]
    public void A_value_that_is_out_of_range_names_the_metadata()
    {
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => TrainVerb.RequestOf(Options(("imageSize", "100"))));

        StringAssert.Contains(problem.Message, "ImageSize");
        StringAssert.Contains(problem.Message, "100");
    }

    [TestMethod]
    public void The_processor_trains_unless_another_device_is_asked_for()
    {
        Assert.AreEqual("cpu", TrainVerb.RequestOf(Options()).Device);
        Assert.AreEqual("cuda", TrainVerb.RequestOf(Options(("device", "cuda"))).Device);
    }

    [TestMethod]
    public void Threads_that_load_and_minutes_between_checkpoints_can_be_chosen()
    {
        var request = TrainVerb.RequestOf(Options(("loaderThreads", "4"), ("checkpointMinutes", "0.05")));

        Assert.AreEqual((4, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)), (request.LoaderThreads, request.CheckpointIntervalWithinEpoch, request.CheckpointInterval));
        Assert.AreEqual((TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(10)), Intervals(Options(("checkpointMinutes", "20"))));
        Assert.AreEqual((TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10)), Intervals(Options()));
        static (TimeSpan, TimeSpan) Intervals(WorkerOptions options) => (TrainVerb.RequestOf(options).CheckpointIntervalWithinEpoch, TrainVerb.RequestOf(options).CheckpointInterval);
    }

    private static WorkerOptions Options(params (string Key, string Value)[] more) => new(
        new[]
        {
            ("model", "parts"), ("config", "rtmdet_nano_8xb32_300e_coco_relu"), ("configFolder", Path.Combine(TestPaths.Repository, "targets", "configs")),
            ("trainAnnotations", "t.json"), ("trainImages", "t"), ("valAnnotations", "v.json"), ("valImages", "v"), ("workFolder", "work"),
        }.Concat(more).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)));
}
