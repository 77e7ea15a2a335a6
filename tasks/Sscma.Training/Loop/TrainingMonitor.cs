using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sscma.Training.Loop;

/// <summary>
/// The course of a training for those who watch or plot it: <c>train.jsonl</c> (one JSON object a line), <c>tensorboard/</c>, and a line per epoch. None of it is
/// an output: it holds times.
/// </summary>
internal sealed class TrainingMonitor : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly TrainingPlan _plan;
    private readonly TrainingLog _log;
    private readonly StreamWriter _lines;
    private readonly EventFile _events;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly int _firstEpoch;
    private readonly double _secondsBefore;
    private TimeSpan _epochStart;
    private TimeSpan _trained;

    /// <summary>Opens the files.</summary>
    /// <param name="folder">The work folder.</param>
    /// <param name="plan">When what happens.</param>
    /// <param name="log">Takes the line of each epoch.</param>
    /// <param name="state">Where the training stands: what the files say of later iterations is not true any more.</param>
    public TrainingMonitor(string folder, TrainingPlan plan, TrainingLog log, TrainingState state)
    {
        (_plan, _log, _firstEpoch, _secondsBefore) = (plan, log, state.Epochs.Count, state.Seconds);
        var (lines, resumed) = (Path.Combine(folder, "train.jsonl"), state.Iteration > 0);
        var kept = resumed && File.Exists(lines) ? File.ReadLines(lines).Where(line => IterationOf(line) <= state.Iteration).ToList() : [];
        File.WriteAllText(lines, string.Concat(kept.Select(line => line + "\n")), Utf8);
        _lines = new StreamWriter(new FileStream(lines, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete), Utf8) { AutoFlush = true, NewLine = "\n" };
        _events = new EventFile(Path.Combine(folder, "tensorboard", "events.out.tfevents.train"), resumed ? state.Iteration : null);
    }

    /// <summary>Seconds that the training has taken, earlier runs included.</summary>
    public double Seconds => _secondsBefore + _clock.Elapsed.TotalSeconds;

    /// <summary>Takes the means of the iterations since the last call.</summary>
    /// <param name="iteration">The last of them, counted from 0.</param>
    /// <param name="learningRate">Of the last one.</param>
    /// <param name="losses">Their losses.</param>
    /// <param name="spent">How long they took.</param>
    /// <param name="waited">How long they waited for data.</param>
    public void Iterations(int iteration, double learningRate, LossSums losses, TimeSpan spent, TimeSpan waited)
    {
        _trained += spent;
        var (loss, speed) = (losses.MeanCls() + losses.MeanBbox(), losses.Count * _plan.BatchSize / spent.TotalSeconds);
        Line(new JsonObject
        {
            ["kind"] = "train",
            ["epoch"] = (iteration / _plan.IterationsPerEpoch) + 1,
            ["iteration"] = iteration + 1,
            ["lr"] = learningRate,
            ["loss"] = loss,
            ["lossCls"] = losses.MeanCls(),
            ["lossBbox"] = losses.MeanBbox(),
            ["imagesPerSecond"] = Math.Round(speed, 2),
            ["dataSeconds"] = Math.Round(waited.TotalSeconds / losses.Count, 5),
            ["seconds"] = Math.Round(Seconds, 2),
        });
        _events.Write(iteration + 1, ("train/loss", loss), ("train/loss_cls", losses.MeanCls()), ("train/loss_bbox", losses.MeanBbox()), ("train/lr", learningRate), ("train/images_per_second", speed));
    }

    /// <summary>Takes a finished epoch and says how it went.</summary>
    /// <param name="record">The epoch.</param>
    /// <param name="state">Where the training stands after it.</param>
    public void Epoch(EpochRecord record, TrainingState state)
    {
        var (epochTime, memory) = (_clock.Elapsed - _epochStart, PeakMemory() / 1048576);
        var speed = _trained > TimeSpan.Zero ? _plan.Images / _trained.TotalSeconds : 0;
        var left = _clock.Elapsed / (record.Epoch - _firstEpoch) * (_plan.Epochs - record.Epoch);
        (_epochStart, _trained) = (_clock.Elapsed, TimeSpan.Zero);
        if (record.Metrics is { } metrics)
        {
            Line(new JsonObject
            {
                ["kind"] = "val",
                ["epoch"] = record.Epoch,
                ["iteration"] = state.Iteration,
                ["mAP"] = metrics.MAP,
                ["mAP50"] = metrics.MAP50,
                ["mAP75"] = metrics.MAP75,
                ["bestEpoch"] = state.BestEpoch,
                ["memoryMiB"] = memory,
                ["seconds"] = Math.Round(Seconds, 2),
            });
            _events.Write(state.Iteration, ("val/mAP", metrics.MAP), ("val/mAP_50", metrics.MAP50), ("val/mAP_75", metrics.MAP75));
        }

        var score = record.Metrics is { } measured ? FormattableString.Invariant($"mAP: {measured.MAP:0.0000} (best {state.BestMap:0.0000}, epoch {state.BestEpoch})  ") : "";
        _log.Line($"Epoch {record.Epoch} of {_plan.Epochs}  loss: {record.Loss:0.0000}  {score}time: {TrainingLog.Clock(epochTime)}  {speed:0.0} images/s  memory: {memory} MiB  eta: {TrainingLog.Clock(left)}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.Dispose();
        _events.Dispose();
    }

    private void Line(JsonObject line) => _lines.WriteLine(line.ToJsonString());

    private static int IterationOf(string line)
    {
        try
        {
            return JsonNode.Parse(line)?["iteration"]?.GetValue<int>() ?? int.MaxValue;
        }
        catch (Exception cutOff) when (cutOff is JsonException or InvalidOperationException or FormatException)
        {
            return int.MaxValue;
        }
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
