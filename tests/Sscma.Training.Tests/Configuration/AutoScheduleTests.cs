using Sscma.TestSupport;
using Sscma.Training.Configuration;

namespace Sscma.Training.Tests.Configuration;

/// <summary>What <c>train.schedule: auto</c> makes of a number of images, and who has the last word.</summary>
[TestClass]
public sealed class AutoScheduleTests
{
    private const string Shipped = "rtmdet_nano_8xb32_300e_coco_relu";

    private static readonly string Folder = Path.Combine(TestPaths.Repository, "targets", "configs");

    [TestMethod]
    public void Two_hundred_pictures_get_lengths_of_their_own()
    {
        var config = Auto().For(200);

        // 60,000 presentations are 300 epochs of 200, 13 iterations each.
        Assert.AreEqual((300, 16, 30, 15), (config.Train.MaxEpochs, config.Train.BatchSize, config.Train.Stage2Epochs, config.Train.ValInterval));
        Assert.AreEqual((195, 0.004, false), (config.Optim.WarmupIterations, config.Optim.Lr, config.Optim.AutoScaleLr));
        Assert.AreEqual(10 / 3900.0, config.Ema.Momentum, 1e-6);
        Assert.AreEqual(195, config.Ema.Gamma);
        CollectionAssert.DoesNotContain(config.Augmentation.Order.ToArray(), "mosaic");
    }

    [TestMethod]
    public void The_folder_may_end_with_a_separator_as_a_build_names_it()
    {
        var source = ConfigLoader.Open(Shipped, Folder + Path.DirectorySeparatorChar, [new("train.schedule", "auto", "metadata Schedule")]);
        Assert.AreEqual(Auto().For(200), source.For(200));
    }

    [TestMethod]
    public void More_pictures_get_fewer_epochs_and_very_many_the_original()
    {
        var original = ConfigLoader.Load(Shipped, Folder, []);
        Assert.AreEqual(100, Auto().For(600).Train.MaxEpochs);
        Assert.AreEqual(30, Auto().For(10_000).Train.MaxEpochs);
        Assert.AreEqual(original with { Train = original.Train with { Schedule = "auto" } }, Auto().For(118_000));
        Assert.AreEqual(original, ConfigLoader.Open(Shipped, Folder, []).For(200), "without auto nothing changes");
    }

    [TestMethod]
    public void What_the_user_says_stands_and_the_rest_follows_it()
    {
        var config = Auto(new("train.max_epochs", "40", "metadata MaxEpochs"), new("train.batch_size", "64", "metadata BatchSize"), new("optim.lr", "0.001", "CfgOptions")).For(640);

        Assert.AreEqual((40, 64, 4, 2), (config.Train.MaxEpochs, config.Train.BatchSize, config.Train.Stage2Epochs, config.Train.ValInterval));
        Assert.AreEqual((0.001, 20), (config.Optim.Lr, config.Optim.WarmupIterations));
        Assert.AreEqual(0.01, config.Ema.Momentum, "10 of 400 iterations, cut off");
    }

    [TestMethod]
    public void A_file_of_the_users_is_what_the_user_says()
    {
        var folder = TestPaths.Scratch();
        var file = Path.Combine(folder, "mine.yaml");
        File.WriteAllText(file, $"_base_: {Shipped}.yaml\ntrain: {{schedule: auto, max_epochs: 50}}\naugmentation: {{order: [flip, mosaic]}}\n");

        var config = ConfigLoader.Open(file, Folder, []).For(200);

        Assert.AreEqual((50, 5), (config.Train.MaxEpochs, config.Train.Stage2Epochs));
        CollectionAssert.AreEqual(new[] { "flip", "mosaic" }, config.Augmentation.Order.ToArray());
        Assert.AreEqual(0.62, config.Augmentation.Resize.MaxRatio);

        // What was written down says everything: it trains the same again, whatever the number of images.
        var written = Path.Combine(folder, "effective.yaml");
        File.WriteAllText(written, ConfigWriter.ToYaml(config));
        Assert.AreEqual(config, ConfigLoader.Open(written, Folder, []).For(7));
    }

    private static ConfigSource Auto(params ConfigOverride[] said) => ConfigLoader.Open(Shipped, Folder, [new("train.schedule", "auto", "metadata Schedule"), .. said]);
}
