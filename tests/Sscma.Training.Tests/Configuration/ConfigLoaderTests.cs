using Sscma.Diagnostics;
using Sscma.TestSupport;
using Sscma.Training.Configuration;

namespace Sscma.Training.Tests.Configuration;

[TestClass]
public sealed class ConfigLoaderTests
{
    private const string Nano = "rtmdet_nano_8xb32_300e_coco";

    private static readonly string Shipped = Path.Combine(TestPaths.Repository, "targets", "configs");

    [TestMethod]
    public void The_shipped_nano_says_what_the_records_default_to_except_the_warmup_cap()
    {
        var config = ConfigLoader.Load(Nano, Shipped, []);

        Assert.AreEqual(new DetectorConfig { Optim = new OptimConfig { WarmupCap = 0.1 } }, config);
    }

    [TestMethod]
    public void The_shipped_nano_relu_differs_where_the_reference_does()
    {
        var config = ConfigLoader.Load($"{Nano}_relu", Shipped, []);

        Assert.IsTrue(config.Model.ChannelAttention && config.Model.SplitPooling && config.Optim.AutoScaleLr);
        Assert.AreEqual((3, 32, 32, 2000, 0.0005), (config.Model.NeckBlocks, config.Train.BatchSize, config.Optim.BaseBatchSize, config.Optim.WarmupIterations, config.Optim.Lr));
        Assert.AreEqual("[mosaic, resize, crop, hsv, flip, pad, mixup]", config.Augmentation.Order.ToString());
        Assert.AreEqual((0.5, 10, false), (config.Augmentation.Mixup.Probability, config.Augmentation.Mixup.CacheSize, config.Augmentation.Mixup.RandomPop));
        Assert.AreEqual(0.65, config.Test.IouThreshold, "inherited");
    }

    [TestMethod]
    public void Later_overrides_win()
    {
        var config = ConfigLoader.Load(Nano, Shipped,
        [
            new ConfigOverride("train.max_epochs", "100", "metadata MaxEpochs"),
            .. ConfigLoader.ParseOptions(" train.max_epochs=20 ; augmentation.order=[resize, crop, pad];optim.lr=1e-3;"),
        ]);

        Assert.AreEqual((20, 0.001), (config.Train.MaxEpochs, config.Optim.Lr));
        Assert.AreEqual("[resize, crop, pad]", config.Augmentation.Order.ToString());
    }

    [TestMethod]
    public void What_is_usual_for_a_target_speaks_where_only_the_shipped_files_do()
    {
        var usual = new ConfigOverride("train.resize", "stretch", "TargetRuntime");
        var own = Path.Combine(TestPaths.Scratch(), "own.yaml");
        File.WriteAllText(own, $"_base_: {Nano}.yaml\ntrain:\n  resize: keep_ratio\n");

        Assert.AreEqual("stretch", ConfigLoader.Open($"{Nano}_relu", Shipped, [], usual).Config.Train.Resize);
        Assert.AreEqual("stretch", ConfigLoader.Open(Nano, Shipped, [new("train.schedule", "auto", "metadata Schedule")], usual).For(200).Train.Resize);
        Assert.AreEqual("keep_ratio", ConfigLoader.Open(own, Shipped, [], usual).Config.Train.Resize);
        Assert.AreEqual("keep_ratio", ConfigLoader.Open(Nano, Shipped, [new("train.resize", "keep_ratio", "metadata Resize")], usual).Config.Train.Resize);
        Assert.AreEqual("keep_ratio", ConfigLoader.Open(Nano, Shipped, []).Config.Train.Resize);
    }

    [TestMethod]
    public void The_effective_configuration_reads_back_equal()
    {
        var config = ConfigLoader.Load($"{Nano}_relu", Shipped, ConfigLoader.ParseOptions("optim.lr=0.00012345678901234567;model.num_classes=3;augmentation.stage2_order=[]"));
        var file = Path.Combine(TestPaths.Scratch(), "config.effective.yaml");
        File.WriteAllText(file, ConfigWriter.ToYaml(config));

        Assert.AreEqual(config, ConfigLoader.Load(file, Shipped, []));
        Assert.AreEqual(ConfigWriter.ToYaml(config), ConfigWriter.ToYaml(config with { Train = config.Train with { } }));
    }

    [TestMethod]
    [DataRow("train:\n  max_epochs: 3\n  max_epoch: 4\n", Codes.ConfigUnknownKey, 3, 3, "'train.max_epoch'; the nearest one is 'train.max_epochs'")]
    [DataRow("optim: {learning_rate: 1}\n", Codes.ConfigUnknownKey, 1, 9, "'optim.learning_rate'")]
    [DataRow("lr: 1\n", Codes.ConfigUnknownKey, 1, 1, "the nearest one is 'optim.lr'")]
    [DataRow("train:\n  batch_size: many\n", Codes.ConfigBadValue, 2, 3, "train.batch_size is 'many'; expected: a number from 1 to 4096, without a fraction")]
    [DataRow("train:\n  image_size: 200\n", Codes.ConfigBadValue, 2, 3, "train.image_size is '200'; expected: a multiple of 32 from 32 to 2048")]
    [DataRow("train:\n  resize: letterbox\n", Codes.ConfigBadValue, 2, 3, "train.resize is 'letterbox'; expected: keep_ratio or stretch")]
    [DataRow("optim:\n  lr: .nan\n", Codes.ConfigBadValue, 2, 3, "optim.lr is '.nan'")]
    [DataRow("optim:\n  lr:\n", Codes.ConfigBadValue, 2, 3, "optim.lr is empty")]
    [DataRow("optim: 3\n", Codes.ConfigBadValue, 1, 1, "optim is '3'; it must hold keys: lr, ")]
    [DataRow("model:\n  split_pooling: yes\n", Codes.ConfigBadValue, 2, 3, "expected: true or false")]
    [DataRow("augmentation:\n  order: [mosaic, blur]\n", Codes.ConfigBadValue, 2, 19, "augmentation.order is 'blur'; expected: a sequence of: hsv, ")]
    [DataRow("augmentation:\n  resize:\n    max_ratio: 0.1\n", Codes.ConfigBadValue, 3, 5, "augmentation.resize.min_ratio is 0.5, greater than max_ratio, which is 0.1")]
    [DataRow("- 1\n- 2\n", Codes.ConfigBadValue, 1, 1, "the configuration is a sequence")]
    [DataRow("train: [\n", Codes.ConfigSyntax, 2, 1, "this is not YAML")]
    [DataRow("train:\n  seed: 1\n  seed: 2\n", Codes.ConfigSyntax, 3, 3, "this is not YAML")]
    [DataRow("train: {}\n---\noptim: {}\n", Codes.ConfigSyntax, 3, 1, "a second one begins")]
    [DataRow("_base_: nowhere.yaml\n", Codes.ConfigNotFound, 1, 1, "_base_ is 'nowhere.yaml'; expected: the path of a YAML file, relative to this one, or one that ships: rtmdet_l_8xb32_300e_coco.yaml, ")]
    [DataRow("_base_: [a.yaml, b.yaml]\n", Codes.ConfigNotFound, 1, 1, "_base_ is a sequence; expected: the path of a YAML file")]
    [DataRow("_base_: own.yaml\n", Codes.ConfigSyntax, 1, 1, "a configuration cannot build on itself")]
    public void A_mistake_in_a_file_is_one_error_with_its_place(string yaml, string code, int line, int column, string text)
    {
        var file = Path.Combine(TestPaths.Scratch(), "own.yaml");
        File.WriteAllText(file, yaml);

        var error = Assert.ThrowsExactly<DiagnosticException>(() => ConfigLoader.Load(file, Shipped, [])).Diagnostic;

        Assert.AreEqual((code, file, line, column), (error.Code, error.File, error.Line, error.Column), error.Message);
        Assert.Contains(text, error.Message);
    }

    [TestMethod]
    public void A_chain_of_files_ends_at_one_that_ships_and_the_nearest_file_wins()
    {
        var folder = TestPaths.Scratch();
        File.WriteAllText(Path.Combine(folder, "house.yaml"), "_base_: rtmdet_nano_8xb32_300e_coco_relu.yaml\noptim: {lr: 0.01, weight_decay: 0.1}\n");
        File.WriteAllText(Path.Combine(folder, "own.yaml"), "_base_: house.yaml\noptim:\n  lr: 0.02\n");

        var config = ConfigLoader.Load(Path.Combine(folder, "own.yaml"), Shipped, []);

        Assert.AreEqual((0.02, 0.1, 2000, true), (config.Optim.Lr, config.Optim.WeightDecay, config.Optim.WarmupIterations, config.Model.SplitPooling));
    }

    [TestMethod]
    [DataRow("optim:\n  lr: fast\n", Codes.ConfigBadValue, 3, "optim.lr is 'fast'")]
    [DataRow("optim:\n  rate: 1\n", Codes.ConfigUnknownKey, 3, "'optim.rate'")]
    [DataRow("optim: 1\n", Codes.ConfigBadValue, 2, "optim is '1'; it must hold keys")]
    public void A_mistake_in_an_inherited_file_names_that_file(string yaml, string code, int line, string text)
    {
        var folder = TestPaths.Scratch();
        File.WriteAllText(Path.Combine(folder, "house.yaml"), "_base_: rtmdet_nano_8xb32_300e_coco.yaml\n" + yaml);
        File.WriteAllText(Path.Combine(folder, "own.yaml"), "_base_: house.yaml\ntrain: {seed: 1}\n");

        var error = Assert.ThrowsExactly<DiagnosticException>(() => ConfigLoader.Load(Path.Combine(folder, "own.yaml"), Shipped, [])).Diagnostic;

        Assert.AreEqual((code, Path.Combine(folder, "house.yaml"), line), (error.Code, error.File, error.Line), error.Message);
        Assert.Contains(text, error.Message);
    }

    [TestMethod]
    public void A_circle_of_files_is_an_error_in_the_one_that_closes_it()
    {
        var folder = TestPaths.Scratch();
        File.WriteAllText(Path.Combine(folder, "a.yaml"), "_base_: b.yaml\n");
        File.WriteAllText(Path.Combine(folder, "b.yaml"), "# the second\n_base_: a.yaml\n");

        var error = Assert.ThrowsExactly<DiagnosticException>(() => ConfigLoader.Load(Path.Combine(folder, "a.yaml"), Shipped, [])).Diagnostic;

        Assert.AreEqual((Codes.ConfigSyntax, Path.Combine(folder, "b.yaml"), 2), (error.Code, error.File, error.Line), error.Message);
    }

    // From the reference's manifests: what each configuration changes.
    [TestMethod]
    [DataRow("s", 0.33, 0.5, true, 0.00065, 1, 0.5, true, "relu", false)]
    [DataRow("m", 0.67, 0.75, true, 0.00065, 1, 0.1, false, "relu", false)]
    [DataRow("l", 1, 1, true, 0.00065, 1, 0.1, false, "relu", false)]
    [DataRow("mnv4", 0.33, 1, true, 0.004, 5, 0.1, true, "silu", true)]
    public void The_larger_configurations_say_what_the_reference_says(
        string name, double deepen, double widen, bool shared, double lr, int interval, double least, bool flips, string activation, bool resizes)
    {
        var config = ConfigLoader.Load($"rtmdet_{name}_8xb32_300e_coco", Shipped, []);

        Assert.AreEqual((deepen, widen, shared, activation), (config.Model.Deepen, config.Model.Widen, config.Model.ShareHeadConvs, config.Model.Activation));
        Assert.AreEqual((640, 300, 20, 16, interval), (config.Train.ImageSize, config.Train.MaxEpochs, config.Train.Stage2Epochs, config.Train.BatchSize, config.Train.ValInterval));
        Assert.AreEqual((lr, 1000, false), (config.Optim.Lr, config.Optim.WarmupIterations, config.Optim.AutoScaleLr));
        Assert.AreEqual("[hsv, mosaic, resize, crop, flip, pad, mixup]", config.Augmentation.Order.ToString());
        Assert.AreEqual((least, 2.0, flips), (config.Augmentation.Resize.MinRatio, config.Augmentation.Resize.MaxRatio, config.Augmentation.Stage2Order.Contains("flip")));
        Assert.AreEqual((1.0, 1.0, 1.0, 20), (config.Augmentation.Mixup.Probability, config.Augmentation.Mixup.MinRatio, config.Augmentation.Mixup.MaxRatio, config.Augmentation.Mixup.CacheSize));
        Assert.AreEqual(resizes, config.Augmentation.BatchResize.Enabled);
    }

    [TestMethod]
    public void The_quantization_aware_configuration_is_the_relu_one_with_another_stage()
    {
        var (aware, floats) = (ConfigLoader.Load($"{Nano}_relu_q", Shipped, []), ConfigLoader.Load($"{Nano}_relu", Shipped, []));

        Assert.AreEqual(new QuantizationConfig { Method = "qat", Epochs = 5, Lr = 2e-5 }, aware.Quantization);
        Assert.IsFalse(floats.Quantization.IsAware);
        Assert.AreEqual(floats, aware with { Quantization = floats.Quantization });
    }

    [TestMethod]
    [DataRow("optim.rl=1", Codes.ConfigUnknownKey, "CfgOptions 'optim.rl=1': there is no configuration key 'optim.rl'; the nearest one is 'optim.lr'")]
    [DataRow("optim.lr=fast", Codes.ConfigBadValue, "CfgOptions 'optim.lr=fast': optim.lr is 'fast'")]
    [DataRow("optim.lr", Codes.ConfigSyntax, "CfgOptions 'optim.lr': expected key=value")]
    [DataRow("optim.lr=[1", Codes.ConfigSyntax, "CfgOptions 'optim.lr=[1': this is not YAML")]
    public void A_mistake_in_an_option_names_the_option(string options, string code, string text)
    {
        var error = Assert.ThrowsExactly<DiagnosticException>(() => ConfigLoader.Load(Nano, Shipped, ConfigLoader.ParseOptions(options))).Diagnostic;

        Assert.AreEqual((code, null), (error.Code, error.File));
        Assert.StartsWith(text, error.Message);
    }

    [TestMethod]
    public void An_unknown_configuration_lists_the_shipped_ones()
    {
        var error = Assert.ThrowsExactly<DiagnosticException>(() => ConfigLoader.Load("yolo", Shipped, [])).Diagnostic;

        Assert.AreEqual(Codes.ConfigNotFound, error.Code);
        Assert.Contains($"rtmdet_l_8xb32_300e_coco, rtmdet_m_8xb32_300e_coco, rtmdet_mnv4_8xb32_300e_coco, {Nano}, {Nano}_relu, {Nano}_relu_q, rtmdet_s_8xb32_300e_coco", error.Message);
    }
}
