using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SkiaSharp;
using Sscma.Files;
using Sscma.Natives;
using Sscma.TestSupport;

namespace Sscma.Build.Worker.Tests;

/// <summary>kill -9 at random moments of the real process: what is built in the end is what would have been built without.</summary>
[TestClass]
[DoNotParallelize]
public sealed partial class KilledTrainingTests
{
    private const int Size = 64;
    private const int Kills = 10;
    private const int IterationsPerEpoch = 6;

    private static readonly string[] Results = ["weights.safetensors", "model.onnx", "model.tflite", "training.json", "train.html", "config.effective.yaml"];

    private readonly string _folder = TestPaths.Scratch();

    [TestMethod]
    [DataRow("rtmdet_nano_8xb32_300e_coco", 5, "", 5, DisplayName = "floats")]
    [DataRow("rtmdet_nano_8xb32_300e_coco_relu_q", 2, "quantization: { epochs: 3, lr: 0.0005 }", 3, DisplayName = "quantization-aware")]
    public void A_build_that_is_killed_again_and_again_ends_with_the_same_bytes(string config, int floatEpochs, string quantization, int lastStageEpochs)
    {
        Draw();
        File.WriteAllText(InFolder("tiny.yaml"), $$"""
            _base_: {{config}}.yaml
            model: { widen: 0.0625 }
            train: { image_size: 64, max_epochs: {{floatEpochs}}, stage2_epochs: {{floatEpochs / 2}}, batch_size: 4, val_interval: 2, threads: 1 }
            optim: { lr: 0.002, warmup_iterations: 4 }
            augmentation: { order: [mosaic, resize, crop, hsv, flip, pad, mixup] }
            {{quantization}}
            """);
        var whole = new Build(this, "whole");
        while (whole.Verb is not null)
            Assert.AreEqual(0, whole.Run(loaderThreads: 1, checkpointMinutes: 5, kill: null).ExitCode);

        // Seeded, so that a moment that was once a bad one comes again; how far the process is by then is the machine's affair.
        var random = new Random(20);
        var (killed, resumed, build, builds) = (0, new List<(int Iteration, int Of)>(), new Build(this, "killed 0"), 0);
        while (killed < Kills || build.Verb is not null)
        {
            if (build.Verb is null)
            {
                whole.MustEqual(build);
                build = new Build(this, $"killed {++builds}");
            }

            // By turns after so many lines (the first while it starts) and after so many checkpoints, which are written after every iteration then.
            var moment = killed == Kills ? null : killed % 2 == 0
                ? new Moment(Lines: killed == 0 ? 0 : random.Next(14), Checkpoints: 0, Milliseconds: random.Next(200))
                : new Moment(Lines: 0, Checkpoints: 1 + random.Next(8), Milliseconds: random.Next(20));
            var (exit, output) = build.Run(random.Next(2) == 0 ? 1 : 4, moment?.Checkpoints > 0 ? 0 : 0.002, moment);
            killed += exit != 0 ? 1 : 0;
            Assert.IsTrue(moment is not null || exit == 0, output);
            Assert.DoesNotContain("error SSCMA", output);
            foreach (Match goesOn in GoesOn().Matches(output))
                resumed.Add((Number(goesOn.Groups[1]), Number(goesOn.Groups[2])));
        }

        whole.MustEqual(build);
        Assert.IsTrue(
            resumed.Exists(moment => moment.Of == lastStageEpochs * IterationsPerEpoch && moment.Iteration % IterationsPerEpoch != 0),
            $"one of them went on within an epoch of the last stage: {string.Join(", ", resumed)}");
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex("Training goes on after iteration ([0-9]+) of ([0-9]+)")]
    private static partial Regex GoesOn();

    private static int Number(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    private void Draw()
    {
        NativeLibraries.UseSkiaSharp();
        Split("train", 4 * IterationsPerEpoch, new Random(1));
        Split("val", 4, new Random(2));
    }

    private void Split(string name, int images, Random random)
    {
        Directory.CreateDirectory(InFolder(name));
        var annotations = new List<object>();
        for (var image = 0; image < images; image++)
        {
            using var bitmap = new SKBitmap(Size, Size, SKColorType.Rgba8888, SKAlphaType.Opaque);
            bitmap.Erase(new SKColor(40, 40, 40));
            using var canvas = new SKCanvas(bitmap);
            for (var label = 0; label < 2; label++)
            {
                var (x, y, side) = ((32 * label) + random.Next(8), random.Next(36), 16 + random.Next(8));
                using var paint = new SKPaint { Color = label == 0 ? SKColors.Red : SKColors.Blue };
                canvas.DrawRect(x, y, side, side, paint);
                annotations.Add(new { id = annotations.Count + 1, image_id = image, category_id = label, bbox = new[] { x, y, side, side }, area = side * side, iscrowd = 0 });
            }

            using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(InFolder($"{name}/{image}.png"), data.ToArray());
        }

        File.WriteAllText(InFolder($"{name}.json"), JsonSerializer.Serialize(new
        {
            categories = new[] { new { id = 0, name = "red" }, new { id = 1, name = "blue" } },
            images = Enumerable.Range(0, images).Select(image => new { id = image, file_name = $"{image}.png", width = Size, height = Size }),
            annotations,
        }));
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    /// <summary>When a process is killed: after so many lines of its output, checkpoints, and milliseconds.</summary>
    private sealed record Moment(int Lines, int Checkpoints, int Milliseconds);

    /// <summary>One work folder in which the stages are done one after the other, a process for each, as a build does it.</summary>
    private sealed class Build(KilledTrainingTests test, string name)
    {
        private static readonly string Worker = Path.Combine(AppContext.BaseDirectory, "Sscma.Build.Worker.dll");
        private readonly Queue<string> _verbs = new(["train", "export"]);

        /// <summary>What is to be done next; null when all is done.</summary>
        public string? Verb => _verbs.TryPeek(out var verb) ? verb : null;

        private string Folder => test.InFolder(name);

        /// <summary>Runs the next stage, and kills it at a moment.</summary>
        public (int ExitCode, string Output) Run(int loaderThreads, double checkpointMinutes, Moment? kill)
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllLines(test.InFolder("options"), [
                "model=parts", $"workFolder={Folder}", $"config={test.InFolder("tiny.yaml")}", $"configFolder={Path.Combine(TestPaths.Repository, "targets", "configs")}",
                $"trainAnnotations={test.InFolder("train.json")}", $"trainImages={test.InFolder("train")}", $"valAnnotations={test.InFolder("val.json")}", $"valImages={test.InFolder("val")}",
                $"onnx={Path.Combine(Folder, "model.onnx")}", $"tflite={Path.Combine(Folder, "model.tflite")}", "calibrationImages=4",
                $"loaderThreads={loaderThreads}", string.Create(CultureInfo.InvariantCulture, $"checkpointMinutes={checkpointMinutes}"),
            ]);
            var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
            var start = new ProcessStartInfo(host, ["exec", Worker, Verb!, "@" + test.InFolder("options")]) { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            var lines = new List<string>();
            void Read(int most)
            {
                while (lines.Count < most && process.StandardOutput.ReadLine() is { } line)
                    lines.Add(line);
            }

            if (kill is not null)
            {
                Read(kill.Lines);
                WaitForCheckpoints(process, kill.Checkpoints);
                if (!process.WaitForExit(kill.Milliseconds))
                    process.Kill();
            }

            Read(int.MaxValue);
            process.WaitForExit();
            if (process.ExitCode == 0)
                _verbs.Dequeue();
            return (process.ExitCode, string.Join('\n', lines));
        }

        private void WaitForCheckpoints(Process process, int count)
        {
            var file = new FileInfo(Path.Combine(Folder, "checkpoints", "last.safetensors"));
            for (var before = file.LastWriteTimeUtc; count > 0 && !process.WaitForExit(1); file.Refresh())
            {
                if (file.LastWriteTimeUtc != before)
                    (before, count) = (file.LastWriteTimeUtc, count - 1);
            }
        }

        /// <summary>Fails unless another build made the same bytes, and left nothing else behind.</summary>
        public void MustEqual(Build other)
        {
            foreach (var result in Results)
                Assert.AreEqual(Digest.OfFile(Path.Combine(Folder, result)), Digest.OfFile(Path.Combine(other.Folder, result)), result);
            Assert.IsEmpty(Directory.GetFileSystemEntries(other.Folder, "*.tmp"));
            Assert.IsEmpty(Directory.GetDirectories(other.Folder, "checkpoints", SearchOption.AllDirectories));
        }
    }
}
