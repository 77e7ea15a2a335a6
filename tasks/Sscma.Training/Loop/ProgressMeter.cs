using System.Diagnostics;

namespace Sscma.Training.Loop;

/// <summary>Writes the line of every so many iterations: means since the last line, and the time that is left.</summary>
internal sealed class ProgressMeter(TrainingPlan plan, TrainingLog log, TrainingMonitor monitor, int interval)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private LossSums _losses = new();
    private TimeSpan _lastLine;
    private TimeSpan _waited;
    private TimeSpan _trained;
    private int _iterations;

    /// <summary>Leaves out what happened since the last line, such as a validation.</summary>
    public void Restart()
    {
        _lastLine = _clock.Elapsed;
        _losses = new LossSums();
        _waited = TimeSpan.Zero;
    }

    /// <summary>Runs a wait for data and takes its time.</summary>
    public T Wait<T>(Func<T> forData)
    {
        var start = _clock.Elapsed;
        var data = forData();
        _waited += _clock.Elapsed - start;
        return data;
    }

    /// <summary>Takes a finished iteration, counted from 0.</summary>
    public void Add(int iteration, double learningRate, double cls, double bbox)
    {
        _losses = _losses.Plus(cls, bbox);
        var inEpoch = (iteration % plan.IterationsPerEpoch) + 1;
        if (inEpoch % interval != 0 && inEpoch != plan.IterationsPerEpoch)
            return;

        var spent = _clock.Elapsed - _lastLine;
        _trained += spent;
        _iterations += _losses.Count;
        var left = _trained / _iterations * (plan.Iterations - iteration - 1);
        log.Line($"Epoch(train)  [{(iteration / plan.IterationsPerEpoch) + 1}][{inEpoch}/{plan.IterationsPerEpoch}]  lr: {learningRate:0.0000e+00}  eta: {TrainingLog.Clock(left)}  time: {spent.TotalSeconds / _losses.Count:0.0000}  data_time: {_waited.TotalSeconds / _losses.Count:0.0000}  loss: {_losses.MeanCls() + _losses.MeanBbox():0.0000}  loss_cls: {_losses.MeanCls():0.0000}  loss_bbox: {_losses.MeanBbox():0.0000}");
        monitor.Iterations(iteration, learningRate, _losses, spent, _waited);
        Restart();
    }
}
