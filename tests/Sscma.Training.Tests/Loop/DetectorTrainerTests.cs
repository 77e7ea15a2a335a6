using System.Text.Json;
using System.Text.RegularExpressions;
using Sscma.Diagnostics;
using Sscma.Tensors;

namespace Sscma.Training.Tests.Loop;

[TestClass]
public sealed class DetectorTrainerTests
{
    private static readonly string[] Outputs = ["weights.safetensors", "model.onnx", "training.json", "config.effective.yaml", "train.html"];

    [TestMethod]
    public void A_cancelled_training_goes_on_and_ends_with_the_same_bytes()
    {
        var data = new TinyDataset();
        var whole = data.Request("whole") with { LoaderThreads = 1 };
        var parts = data.Request("parts") with { LoaderThreads = 3 };

        Train(whole);

        // Cancelled in the middle of an epoch, then at a validation, then left alone.
        foreach (var mark in new[] { @"Epoch\(train\)  \[2\]\[1/3\]", @"Epoch\(val\)  \[3\]" })
        {
            using var cancellation = new CancellationTokenSource();
            using var console = new LineWatch(line =>
            {
                if (Regex.IsMatch(line, mark))
                    cancellation.Cancel();
            });
            Assert.ThrowsExactly<OperationCanceledException>(() => DetectorTrainer.Train(parts with { LogInterval = 1 }, new DiagnosticList(), console, cancellation.Token));
        }

        var (result, lines) = Train(parts with { LoaderThreads = 2 });

        Assert.IsTrue(result.Resumed);
        Assert.IsTrue(lines.Exists(line => line.StartsWith("Training goes on after iteration 9 of 12", StringComparison.Ordinal)));
        AssertSameOutputs(whole, parts);
        Assert.IsFalse(Directory.Exists(Path.Combine(parts.WorkFolder, "checkpoints")));
    }

    [TestMethod]
    public void A_warm_start_goes_on_from_weights_that_fit_and_records_the_lineage()
    {
        var data = new TinyDataset();
        var (first, _) = Train(data.Request("first"));
        var start = new WarmStart(first.WeightsFile, first.ReportFile, Files.Digest.OfFile(first.WeightsFile), Files.Digest.OfFile(first.ReportFile), null);
        var longer = TinyDataset.Config with { Train = TinyDataset.Config.Train with { MaxEpochs = 6 } };

        // Four epochs are done, six wanted: two more. Its first loss is that of a trained network.
        var (second, lines) = Train(data.Request("second", longer) with { WarmStart = start });
        Assert.AreEqual(2, second.Epochs);
        Assert.Contains("Warm start: 2 epochs more, from accepted weights that have seen 4.", string.Join('\n', lines));
        using (var report = JsonDocument.Parse(File.ReadAllBytes(second.ReportFile)))
            Assert.AreEqual($"{start.WeightsSha256} 4", string.Join(' ', report.RootElement.GetProperty("lineage")[0].EnumerateObject().Select(pair => pair.Value)));
        Train(data.Request("again", longer) with { WarmStart = start });
        AssertSameOutputs(data.Request("second"), data.Request("again"));

        // Another one after it knows both; the number of epochs can be set; nothing left means a quarter.
        var next = new WarmStart(second.WeightsFile, second.ReportFile, Files.Digest.OfFile(second.WeightsFile), Files.Digest.OfFile(second.ReportFile), null);
        var (third, _) = Train(data.Request("third", longer) with { WarmStart = next });
        Assert.AreEqual(2, third.Epochs);
        using (var report = JsonDocument.Parse(File.ReadAllBytes(third.ReportFile)))
            Assert.AreEqual(2, report.RootElement.GetProperty("lineage").GetArrayLength());
        Assert.AreEqual(1, Train(data.Request("fourth") with { WarmStart = next with { Epochs = 1 } }).Result.Epochs);

        // Another network: said, and trained in full.
        var wider = TinyDataset.Config with { Model = TinyDataset.Config.Model with { Widen = 0.125 }, Train = TinyDataset.Config.Train with { MaxEpochs = 1 } };
        var (other, otherLines) = Train(data.Request("other", wider) with { WarmStart = start });
        Assert.AreEqual(1, other.Epochs);
        Assert.Contains("Training begins from scratch.", string.Join('\n', otherLines));

        // Not the bytes that were chosen.
        Assert.AreEqual("SSCMA2005", Assert.ThrowsExactly<DiagnosticException>(() => Train(data.Request("changed") with { WarmStart = start with { WeightsSha256 = new string('0', 64) } })).Diagnostic.Code);
    }

    [TestMethod]
    public void Pretrained_weights_are_a_head_start_and_what_fits_is_told()
    {
        var data = new TinyDataset();
        var longer = TinyDataset.Config with { Train = TinyDataset.Config.Train with { MaxEpochs = 25, BatchSize = 2, ValInterval = 5, Stage2Epochs = 2 }, Optim = TinyDataset.Config.Optim with { Lr = 0.006 }, Augmentation = TinyDataset.Config.Augmentation with { Order = ["hsv", "flip", "pad"], Stage2Order = ["flip", "pad"] } };
        var (first, _) = Train(data.Request("first", longer));
        var once = longer with { Train = longer.Train with { MaxEpochs = 1 }, Optim = longer.Optim with { Lr = 0.0003 } };

        var scratch = Train(data.Request("scratch", once));
        var pretrained = data.Request("pretrained", once) with { Pretrained = new Pretrained(first.WeightsFile, Files.Digest.OfFile(first.WeightsFile)) };
        var (result, lines) = Train(pretrained);

        // The loss is no measure here: fresh weights have hardly any, for their boxes overlap with nothing that could be asked of them.
        Assert.IsGreaterThan(Math.Max(0.03, 5 * scratch.Result.BestMap), result.BestMap, "one gentle epoch keeps what the weights know");
        Assert.AreEqual(LossOf(first, ^1), LossOf(result, 0), 0.3 * LossOf(first, ^1), "it begins where the other training ended");
        using var report = JsonDocument.Parse(File.ReadAllBytes(result.ReportFile));
        var told = report.RootElement.GetProperty("pretrained");
        Assert.AreEqual(told.GetProperty("of").GetInt32(), told.GetProperty("loaded").GetInt32());
        Assert.AreEqual(pretrained.Pretrained.Sha256, told.GetProperty("sha256").GetString());
        Assert.Contains($"Pretrained weights: {told.GetProperty("of")} of {told.GetProperty("of")} tensors loaded from weights.safetensors.", lines);
        Train(pretrained with { WorkFolder = data.Request("again").WorkFolder });
        AssertSameOutputs(pretrained, data.Request("again"));

        // Other bytes than the digest names; weights of which nothing fits.
        Assert.AreEqual("SSCMA2009", Assert.ThrowsExactly<DiagnosticException>(() => Train(pretrained with { Pretrained = new Pretrained(first.OnnxFile, pretrained.Pretrained.Sha256) })).Diagnostic.Code);
        Assert.AreEqual("SSCMA2006", Assert.ThrowsExactly<DiagnosticException>(() => Train(pretrained with { Pretrained = new Pretrained(first.OnnxFile, null) })).Diagnostic.Code);
    }

    [TestMethod]
    [DataRow("target", "the target mAP 0.001 is reached", DisplayName = "good enough")]
    [DataRow("patience", "no validation was better for 2 epochs (patience 2)", DisplayName = "not getting better")]
    [DataRow("time", "the time of 0.0001 minutes is over", DisplayName = "out of time")]
    public void A_training_ends_early_where_it_is_asked_to_and_says_why(string why, string reason)
    {
        var data = new TinyDataset();
        var train = TinyDataset.Config.Train with { MaxEpochs = 40, BatchSize = 2 };
        var optim = TinyDataset.Config.Optim with { Lr = 0.006 };
        var config = TinyDataset.Config with
        {
            Train = why switch { "target" => train with { TargetMap = 0.001 }, "patience" => train with { Patience = 2, BatchSize = 10 }, _ => train with { MaxMinutes = 0.0001, ValInterval = 30 } },
            Optim = why == "patience" ? optim with { Lr = 0.05 } : optim,
            Augmentation = TinyDataset.Config.Augmentation with { Order = ["hsv", "flip", "pad"] },
        };

        var (result, lines) = Train(data.Request(why, config));

        Assert.IsLessThan(40, result.Epochs);
        Assert.AreEqual(reason, result.Stopped);
        Assert.Contains($"Training ends after epoch {result.Epochs}: {reason}.", lines);
        using var report = JsonDocument.Parse(File.ReadAllBytes(result.ReportFile));
        Assert.AreEqual(reason, report.RootElement.GetProperty("stopped").GetString());
        Assert.AreEqual(result.Epochs, report.RootElement.GetProperty("epochs").GetInt32());
        Assert.IsTrue(report.RootElement.GetProperty("history")[result.Epochs - 1].TryGetProperty("metrics", out _), "the last epoch is validated");
    }

    [TestMethod]
    public void The_course_of_a_training_stands_in_json_lines_and_for_TensorBoard_also_when_it_is_interrupted()
    {
        var data = new TinyDataset();
        var request = data.Request("work") with { LogInterval = 1 };
        using var cancellation = new CancellationTokenSource();
        using var console = new LineWatch(line =>
        {
            if (line.StartsWith("Epoch 2 of 4", StringComparison.Ordinal))
                cancellation.Cancel();
        });
        Assert.ThrowsExactly<OperationCanceledException>(() => DetectorTrainer.Train(request, new DiagnosticList(), console, cancellation.Token));
        // What a killed run has written after its last checkpoint.
        File.AppendAllText(Path.Combine(request.WorkFolder, "train.jsonl"), "{\"kind\":\"train\",\"iteration\":7}\n{\"kind\":\"tra");

        var (_, lines) = Train(request);

        var entries = File.ReadAllLines(Path.Combine(request.WorkFolder, "train.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.AreSequenceEqual(Enumerable.Range(1, 12), entries.Where(entry => entry.GetProperty("kind").GetString() == "train").Select(entry => entry.GetProperty("iteration").GetInt32()));
        Assert.AreSequenceEqual([1, 2, 3, 4], entries.Where(entry => entry.GetProperty("kind").GetString() == "val").Select(entry => entry.GetProperty("epoch").GetInt32()));
        Assert.IsTrue(entries.Zip(entries.Skip(1)).All(pair => pair.First.GetProperty("seconds").GetDouble() <= pair.Second.GetProperty("seconds").GetDouble()), "time goes on where it was interrupted");
        Assert.MatchesRegex(@"^Epoch 4 of 4  loss: \d+\.\d{4}  mAP: \d\.\d{4} \(best \d\.\d{4}, epoch \d\)  time: 0:00:\d\d  \d+\.\d images/s  memory: \d+ MiB  eta: 0:00:00$", lines.Single(line => line.StartsWith("Epoch 4 of 4", StringComparison.Ordinal)));
        Assert.IsGreaterThan(500, new FileInfo(Path.Combine(request.WorkFolder, "tensorboard", "events.out.tfevents.train")).Length);
    }

    [TestMethod]
    [DataRow(false, 6)]
    [DataRow(true, 7)]
    public void A_killed_training_goes_on_from_its_last_checkpoint(bool withinEpoch, int iteration)
    {
        var data = new TinyDataset();
        var killed = data.Request("killed") with { CheckpointInterval = TimeSpan.Zero, CheckpointIntervalWithinEpoch = withinEpoch ? TimeSpan.Zero : TimeSpan.FromMinutes(5), LogInterval = 1 };
        using var console = new LineWatch(line =>
        {
            if (line.Contains("[3][2/3]", StringComparison.Ordinal))
                throw new InvalidOperationException("killed");
        });
        Assert.ThrowsExactly<InvalidOperationException>(() => DetectorTrainer.Train(killed, new DiagnosticList(), console, CancellationToken.None));
        // What it was writing.
        string[] halves = ["weights.safetensors.12345.tmp", "train.html.7.tmp", "checkpoints/last.safetensors.99.tmp"];
        foreach (var half in halves)
            File.WriteAllText(Path.Combine(killed.WorkFolder, half), "half a fi");

        var (result, lines) = Train(killed);
        Train(data.Request("whole"));

        Assert.IsTrue(result.Resumed);
        Assert.IsTrue(lines.Exists(line => line.StartsWith($"Training goes on after iteration {iteration} of 12", StringComparison.Ordinal)));
        AssertSameOutputs(data.Request("whole"), killed);
        Assert.IsFalse(halves.Any(half => File.Exists(Path.Combine(killed.WorkFolder, half))));
    }

    [TestMethod]
    public void A_checkpoint_of_another_configuration_or_a_damaged_one_is_left_aside()
    {
        var data = new TinyDataset();
        var request = data.Request("work") with { CheckpointInterval = TimeSpan.Zero };
        Interrupt(request);
        var longer = request with { Config = request.Config with { Optim = request.Config.Optim with { Lr = 0.003 } } };

        var (other, otherLines) = Train(longer);
        Interrupt(request);
        File.WriteAllText(Path.Combine(request.WorkFolder, "checkpoints", "last.safetensors"), "half a fi");
        var (damaged, damagedLines) = Train(request);
        Interrupt(request);
        var last = Path.Combine(request.WorkFolder, "checkpoints", "last.safetensors");
        SafeTensors.Write(last, SafeTensors.Read(last).Where(entry => entry.Key != "optimizer.mean").ToArray());
        var (lacking, lackingLines) = Train(request);

        Assert.IsFalse(other.Resumed);
        Assert.IsTrue(otherLines.Exists(line => line.Contains("another configuration", StringComparison.Ordinal) && line.EndsWith("Training starts over.", StringComparison.Ordinal)));
        Assert.IsFalse(lacking.Resumed);
        Assert.IsTrue(lackingLines.Exists(line => line.Contains("'optimizer.mean'", StringComparison.Ordinal) && line.EndsWith("Training starts over.", StringComparison.Ordinal)));
        Assert.IsFalse(damaged.Resumed);
        Assert.IsTrue(damagedLines.Exists(line => line.Contains("cannot be used", StringComparison.Ordinal) && line.EndsWith("Training starts over.", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_detector_learns_to_find_rectangles()
    {
        var data = new TinyDataset(trainImages: 24, valImages: 8);
        var config = TinyDataset.Config with
        {
            Train = TinyDataset.Config.Train with { MaxEpochs = 60, Stage2Epochs = 50, BatchSize = 8, ValInterval = 10 },
            Optim = TinyDataset.Config.Optim with { Lr = 0.004 },
            Augmentation = TinyDataset.Config.Augmentation with { Stage2Order = ["flip"] },
        };

        var (result, _) = Train(data.Request("work", config));

        var report = JsonDocument.Parse(File.ReadAllText(result.ReportFile)).RootElement;
        Assert.AreEqual(result.BestMap, report.GetProperty("metrics").GetProperty("mAP").GetDouble());
        Assert.IsGreaterThan(0.3, report.GetProperty("metrics").GetProperty("mAP50").GetDouble());
        var losses = report.GetProperty("history").EnumerateArray().Select(epoch => epoch.GetProperty("loss").GetDouble()).ToArray();
        Assert.HasCount(60, losses);
        Assert.IsLessThan(losses[9] * 0.7, losses[^1]);
    }

    [TestMethod]
    public void The_log_speaks_as_mmengine_does_and_never_like_a_diagnostic()
    {
        var data = new TinyDataset();

        var (_, lines) = Train(data.Request("work"));

        var train = new Regex(@"^Epoch\(train\)  \[\d+\]\[3/3\]  lr: \d\.\d{4}e-\d\d  eta: \d+:\d\d:\d\d  time: \d+\.\d{4}  data_time: \d+\.\d{4}  loss: \d+\.\d{4}  loss_cls: \d+\.\d{4}  loss_bbox: \d+\.\d{4}$");
        Assert.AreEqual(4, lines.Count(line => train.IsMatch(line)));
        Assert.AreEqual(4, lines.Count(line => Regex.IsMatch(line, @"^Epoch\(val\)  \[\d\]\[4/4\]  coco/bbox_mAP: ")));
        Assert.AreEqual(4, lines.Count(line => line.StartsWith("| all", StringComparison.Ordinal)));
        Assert.IsFalse(lines.Exists(line => Regex.IsMatch(line, @"\b(error|warning)\b", RegexOptions.IgnoreCase)));
        CollectionAssert.AreEqual(lines, File.ReadAllLines(Path.Combine(data.Folder, "work", "train.log")));
    }

    [TestMethod]
    public void A_loss_that_is_not_finite_ends_the_training_with_advice()
    {
        var data = new TinyDataset();
        var config = TinyDataset.Config with { Optim = TinyDataset.Config.Optim with { Lr = 1e30, WarmupIterations = 0 } };

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Train(data.Request("work", config)));

        Assert.AreEqual(Codes.TrainingDiverged, problem.Diagnostic.Code);
        StringAssert.Contains(problem.Message, "at iteration ");
        StringAssert.Contains(problem.Message, "optim.lr");
    }

    [TestMethod]
    public void Splits_with_different_categories_are_refused()
    {
        var data = new TinyDataset(valCategories: ["blue", "red"]);

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Train(data.Request("work")));

        Assert.AreEqual(Codes.CategoriesDiffer, problem.Diagnostic.Code);
        Assert.AreEqual(data.Request("work").ValAnnotations, problem.Diagnostic.File);
    }

    [TestMethod]
    public void A_split_without_a_usable_image_is_refused()
    {
        var data = new TinyDataset();
        var config = TinyDataset.Config with { Train = TinyDataset.Config.Train with { MinImageSide = 65 } };

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => Train(data.Request("work", config)));

        Assert.AreEqual(Codes.NothingToTrainOn, problem.Diagnostic.Code);
    }

    private static (TrainingResult Result, List<string> Lines) Train(TrainingRequest request)
    {
        using var console = new LineWatch();
        var sink = new DiagnosticList();
        var result = DetectorTrainer.Train(request, sink, console, CancellationToken.None);
        Assert.IsEmpty(sink.Items);
        return (result, console.Lines);
    }

    private static void Interrupt(TrainingRequest request)
    {
        using var cancellation = new CancellationTokenSource();
        using var console = new LineWatch(line =>
        {
            if (line.StartsWith("Epoch(val)", StringComparison.Ordinal))
                cancellation.Cancel();
        });
        Assert.ThrowsExactly<OperationCanceledException>(() => DetectorTrainer.Train(request, new DiagnosticList(), console, cancellation.Token));
    }

    private static void AssertSameOutputs(TrainingRequest expected, TrainingRequest actual)
    {
        foreach (var name in Outputs)
            CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(expected.WorkFolder, name)), File.ReadAllBytes(Path.Combine(actual.WorkFolder, name)), name);
    }

    private static double LossOf(TrainingResult result, Index epoch)
    {
        using var report = JsonDocument.Parse(File.ReadAllBytes(result.ReportFile));
        return report.RootElement.GetProperty("history").EnumerateArray().ToArray()[epoch].GetProperty("loss").GetDouble();
    }
}
