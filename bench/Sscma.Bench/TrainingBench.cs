using System.Diagnostics;
using System.Globalization;
using Sscma.Detection;
using Sscma.Diagnostics;
using Sscma.Natives;
using Sscma.Training;
using Sscma.Training.Assignment;
using Sscma.Training.Configuration;
using Sscma.Training.Network;
using Sscma.Training.Optimization;
using static TorchSharp.torch;

namespace Sscma.Bench;

/// <summary>
/// Images per second of the bare step (forward, loss, backward, AdamW, average, on one batch again and again), beside a plain loop, and of the whole training
/// (loading, augmentation, average, log, validation, checkpoints) on the sample's pictures. Their ratio says what everything around the step costs.
/// </summary>
internal static class TrainingBench
{
    private const int Classes = 3;

    public static void Run(Arguments arguments)
    {
        var config = ConfigOf(arguments);
        var train = config.Train;
        var seconds = Steppers.Compare(arguments.Number("steps", 40), arguments, "ours", "plain", "network");
        var (bare, plain) = (train.BatchSize / seconds[0].Median, train.BatchSize / seconds[1].Median);
        var what = $"{(arguments.Text("nano") is null ? "nano_relu" : "nano")}, {train.ImageSize}x{train.ImageSize}, batch {train.BatchSize}, {train.Threads} threads";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: bare step {bare:0.0} images/s, the plain loop {plain:0.0} images/s: {bare / plain:0.00} times"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"processor time of a step: {seconds[0].Processor:0.000} s, the plain loop {seconds[1].Processor:0.000} s: {seconds[1].Processor / seconds[0].Processor:0.00} times"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"of ours outside the network's own forward and backward: {1 - (seconds[2].Median / seconds[0].Median):0.0%} of the time, {1 - (seconds[2].Processor / seconds[0].Processor):0.0%} of the processor time"));
        if (arguments.Text("bare") is not null)
            return;

        // In turns with the bare step, for both take their time from the same minutes.
        var rounds = new (double Bare, double Whole)[3];
        for (var i = 0; i < rounds.Length; i++)
            rounds[i] = (train.BatchSize / Steppers.Compare(10, arguments, "ours")[0].Median, Steppers.Number("whole", arguments));
        var middle = rounds.OrderBy(round => round.Whole / round.Bare).ElementAt(rounds.Length / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: whole training {middle.Whole:0.0} images/s, {middle.Whole / middle.Bare:0%} of the bare step's {middle.Bare:0.0} ({string.Join(", ", rounds.Select(round => FormattableString.Invariant($"{round.Whole / round.Bare:0%}")))})"));
    }

    /// <summary>Steps of one loop, for whoever asks: see <see cref="Steppers"/>.</summary>
    public static void Step(Arguments arguments)
    {
        var config = ConfigOf(arguments);
        UseLibraries(config);
        var (batch, size) = (config.Train.BatchSize, config.Train.ImageSize);
        using var images = rand(batch, 3, size, size);
        var truth = new GroundTruth([new Box(10, 10, 40, 42), new Box(60, 50, 110, 90), new Box(20, 80, 50, 105)], [0, 1, 2]);
        var truths = Enumerable.Repeat(truth, batch).ToArray();
        if (arguments.Text("loop") == "plain")
        {
            using var plain = new PlainLoop(config, Classes);
            Steppers.Serve(() => plain.Step(images, truths));
            return;
        }

        if (arguments.Text("loop") == "network")
        {
            using var network = new NetworkLoop(config, Classes);
            Steppers.Serve(() => network.Step(images));
            return;
        }

        using var model = RtmDet.Create(config, Classes, seed: 0, reduced: arguments.Text("bfloat16") is null ? null : ScalarType.BFloat16);
        using var optimizer = new AdamW(model.Parameters, config.Optim);
        using var average = new ExponentialMovingAverage(model, config.Ema);
        using var gradients = new BatchGradients(model, config);
        Steppers.Serve(() =>
        {
            using var scope = NewDisposeScope();
            gradients.Compute(images, truths);
            optimizer.Step(1e-4);
            average.Update();
        });
    }

    /// <summary>Prints the images per second of the whole training, for whoever asks: see <see cref="Steppers"/>.</summary>
    public static void Whole(Arguments arguments)
    {
        var config = ConfigOf(arguments);
        UseLibraries(config);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{WholeTraining(config)}"));
    }

    /// <summary>The default network.</summary>
    public static ModelConfig NanoRelu(int classes) => new() { ChannelAttention = true, SplitPooling = true, NeckBlocks = 3, NumClasses = classes };

    private static DetectorConfig ConfigOf(Arguments arguments) => new()
    {
        Model = arguments.Text("nano") is null ? NanoRelu(Classes) : new ModelConfig { NumClasses = Classes },
        Train = new TrainConfig
        {
            ImageSize = arguments.Number("size", 160), BatchSize = arguments.Number("batch", 16),
            Threads = arguments.Number("threads", 2), ValInterval = 1000, Stage2Epochs = 0,
        },
    };

    private static void UseLibraries(DetectorConfig config)
    {
        NativeLibraries.UseTorch();
        NativeLibraries.UseSkiaSharp();
        set_num_threads(config.Train.Threads);
    }

    // Two lengths, so that start, the last validation and the export cancel out.
    private static double WholeTraining(DetectorConfig config)
    {
        const int More = 2;
        var (few, images) = Train(config, 1);
        var (many, _) = Train(config, 1 + More);
        return More * images / (many - few);
    }

    private static (double Seconds, int Images) Train(DetectorConfig config, int epochs)
    {
        var folder = Directory.CreateTempSubdirectory("sscma-bench-");
        try
        {
            string Data(string name) => Path.Combine(Repository.Root, "sample-project", "dataset", name);
            var request = new TrainingRequest
            {
                Model = "bench",
                Config = config with { Train = config.Train with { MaxEpochs = epochs } },
                TrainAnnotations = Data("train/_annotations.coco.json"),
                TrainImages = Data("train"),
                ValAnnotations = Data("valid/_annotations.coco.json"),
                ValImages = Data("valid"),
                WorkFolder = folder.FullName,
            };
            var watch = Stopwatch.StartNew();
            DetectorTrainer.Train(request, new DiagnosticList(), TextWriter.Null, CancellationToken.None);
            return (watch.Elapsed.TotalSeconds, Directory.GetFiles(Data("train"), "*.jpg").Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
