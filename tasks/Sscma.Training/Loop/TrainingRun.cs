using System.Diagnostics;
using Sscma.Diagnostics;
using Sscma.Tensors;
using Sscma.Training.Augmentation;
using Sscma.Training.Configuration;
using Sscma.Training.Devices;
using Sscma.Training.Loading;
using Sscma.Training.Network;
using Sscma.Training.Optimization;
using Sscma.Training.Page;
using Sscma.Training.QuantizationAware;
using static TorchSharp.torch;

namespace Sscma.Training.Loop;

/// <summary>
/// One training from its present state to its last epoch: step, average, validate, checkpoint. What it does at an iteration depends on the state
/// and the iteration alone, so a run that was interrupted and one that was not end with the same bytes.
/// </summary>
internal sealed class TrainingRun : IDisposable
{
    private const string ModelPrefix = "model.";

    private readonly TrainingData _data;
    private readonly DetectorConfig _config;
    private readonly TrainingPlan _plan;
    private readonly TrainingLog _log;
    private readonly CheckpointFolder _checkpoints;
    private readonly ComputePlan _compute;
    private readonly RtmDet _model;
    private readonly ExponentialMovingAverage? _average;
    private readonly BatchGradients _gradients;
    private readonly AdamW _optimizer;
    private readonly LossScaler? _scaler;
    private readonly LearningRateSchedule _schedule;
    private readonly Validator _validator;
    private readonly TrainingSet _set;
    private readonly BatchResize _resize;
    private readonly EarlyLeaving _leaving;
    private TrainingState _state;
    private TrainingPage? _page;
    private DateTime _lastCheckpoint = DateTime.UtcNow;

    /// <summary>A training that has not begun.</summary>
    /// <param name="start">The data and the weights to begin with.</param>
    /// <param name="compute">Where and in which types to compute.</param>
    /// <param name="fingerprint">Names all inputs.</param>
    /// <param name="log">Takes the running text.</param>
    /// <param name="checkpoints">Where checkpoints go.</param>
    public TrainingRun(TrainingStart start, ComputePlan compute, string fingerprint, TrainingLog log, CheckpointFolder checkpoints)
    {
        var data = start.Data;
        (_data, _config, _compute, _log, _checkpoints) = (data, data.Config, compute, log, checkpoints);
        _plan = TrainingPlan.Of(_config.Train, data.Images.Count);
        _schedule = _config.Quantization.IsAware
            ? LearningRateSchedule.QuantizationAware(_config.Optim, _plan.Epochs, _plan.IterationsPerEpoch, _plan.BatchSize)
            : new LearningRateSchedule(_config.Optim, _plan.Epochs, _plan.IterationsPerEpoch, _plan.BatchSize);
        _model = RtmDet.Create(_config, _config.Model.NumClasses, _config.Train.Seed, compute.Device, compute.Reduced);
        if (start.Weights is { } weights)
            _model.Parameters.Import(weights.Tensors);
        else if (start.Pretrained is { } pretrained)
            _model.Parameters.ImportSome(pretrained.Loaded);
        if (_config.Quantization.IsAware)
            _model.Quantize(new RangeLearner(_model, _config.Train.ImageSize));
        _average = _config.Ema.Enabled ? new ExponentialMovingAverage(_model, _config.Ema) : null;
        _gradients = new BatchGradients(_model, _config);
        _optimizer = new AdamW(_model.Parameters, _config.Optim);
        _scaler = compute.Scales ? new LossScaler() : null;
        _leaving = new EarlyLeaving(_config.Train);
        _resize = new BatchResize(_config.Augmentation.BatchResize, _config.Train.ImageSize, _config.Train.Seed);
        _validator = new Validator(data.Validation, _config);
        _set = new TrainingSet(data.Images, _config.Train.ImageSize, _config.Train.Seed, _config.Train.ResizeMode);
        _state = new TrainingState { Fingerprint = fingerprint };
    }

    /// <summary>Where the training stands.</summary>
    public TrainingState State => _state;

    /// <summary>Whether it goes on from a checkpoint.</summary>
    public bool Resumed { get; private set; }

    /// <summary>When what happens.</summary>
    public TrainingPlan Plan => _plan;

    /// <summary>The weights of the best epoch, null before the first validation.</summary>
    public IReadOnlyList<KeyValuePair<string, StoredTensor>>? Best { get; private set; }

    /// <summary>What is validated and, at its best, kept.</summary>
    private RtmDet Validated => _average?.Model ?? _model;

    /// <summary>Goes on from a checkpoint.</summary>
    /// <exception cref="InvalidDataException">It lacks something; this run cannot be used any more.</exception>
    public void Restore(Checkpoint checkpoint)
    {
        _model.Parameters.Import(checkpoint.Tensors
            .Where(entry => entry.Key.StartsWith(ModelPrefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[ModelPrefix.Length..], entry => entry.Value));
        _optimizer.Import(checkpoint.Tensors);
        _scaler?.Import(checkpoint.Tensors);
        _average?.Import(checkpoint.Tensors);
        _model.Learner?.Import(checkpoint.Tensors);
        (_state, Best, Resumed) = (checkpoint.State, checkpoint.Best, true);
    }

    /// <summary>Trains to the end.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; a checkpoint was written.</exception>
    /// <exception cref="DiagnosticException">SSCMA2050: the loss is not finite.</exception>
    public void Train(TrainingRequest request, CancellationToken cancellation)
    {
        if (_model.Learner is { Plan: null })
            QuantizationStage.Look(_model, _data.Images, _config.Train.ImageSize, _config.Train.ResizeMode);
        using var loader = OpenLoader(request.LoaderThreads);
        try
        {
            Train(loader, request, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Cancelled between two iterations or inside a validation: in both places the state is whole.
            SaveCheckpoint();
            _log.Line($"Training was cancelled after iteration {_state.Iteration}; the next build goes on there.");
            throw;
        }
    }

    /// <summary>The detector of the best epoch, which the caller disposes; after <see cref="Train(TrainingRequest, CancellationToken)"/>.</summary>
    public RtmDet BestDetector()
    {
        var best = RtmDet.Create(_config, _config.Model.NumClasses, seed: 0);
        var tensors = Best!.ToDictionary();
        best.Parameters.Import(RangeLearner.Without(tensors));
        if (!_config.Quantization.IsAware)
            return best;
        best.Quantize(new RangeLearner(best, _config.Train.ImageSize));
        best.Learner!.Import(tensors);
        return best;
    }

    /// <summary>Writes the page of the finished training; after <see cref="Train(TrainingRequest, CancellationToken)"/>.</summary>
    /// <param name="best">The detector that is kept.</param>
    public void FinishPage(RtmDet best) => _page!.Finish(_state, best);

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _gradients.Dispose();
        _average?.Dispose();
        _model.Dispose();
    }

    private void Train(BatchLoader loader, TrainingRequest request, CancellationToken cancellation)
    {
        _page = new TrainingPage(Path.Combine(request.WorkFolder, "train.html"), _data, _plan, _schedule, _set, _validator);
        using var monitor = new TrainingMonitor(request.WorkFolder, _plan, _log, _state);
        var meter = new ProgressMeter(_plan, _log, monitor, request.LogInterval);
        while (_state.Epochs.Count < _plan.Epochs && _state.Stopped is null)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_state.Running.Count == _plan.IterationsPerEpoch || (_state.Running.Count > 0 && _leaving.TimeIsUp(_state)))
            {
                EndEpoch(_state.Epochs.Count, cancellation);
                monitor.Epoch(_state.Epochs[^1], _state);
                _page.Renew(_state, Validated);
                _state.Seconds = monitor.Seconds;
                if (_state.Epochs.Count < _plan.Epochs && _state.Stopped is null)
                    SaveCheckpoint(request.CheckpointInterval);
                meter.Restart();
                continue;
            }

            using var batch = meter.Wait(() => loader.Next(cancellation));
            var (cls, bbox) = Step(batch);
            meter.Add(_state.Iteration, _schedule[_state.Iteration], cls, bbox);
            _state.Running = _state.Running.Plus(cls, bbox);
            _state.Iteration++;
            _state.Seconds = monitor.Seconds;
            SaveCheckpoint(request.CheckpointIntervalWithinEpoch);
        }
    }

    private BatchLoader OpenLoader(int threads)
    {
        var (size, seed) = (_config.Train.ImageSize, (long)_config.Train.Seed);
        var switchAt = (long)_plan.Stage2Start * _plan.Images;
        var stage1 = new AugmentationPipeline(AugmentationSteps.Of(_config, stage2: false), _set, seed);
        var stage2 = new AugmentationPipeline(AugmentationSteps.Of(_config, stage2: true), _set, seed, switchAt);
        return new BatchLoader(
            position => (position < switchAt ? stage1 : stage2).At(position),
            _plan.Images,
            _plan.BatchSize,
            size,
            _plan.PositionOf(_state.Iteration),
            _plan.Positions,
            threads);
    }

    private BatchLoss Step(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var (images, truths) = _resize.Apply(BatchTensors.Images(batch.Pixels, batch.Count, batch.Size, _compute.Device), BatchTensors.Truths(batch), _state.Iteration);
        RestWhenDue();
        _gradients.LossFactor = _scaler?.Factor ?? 1;
        var loss = _gradients.Compute(images, truths);
        if (!double.IsFinite(loss.Value))
            throw Diverged(loss);
        if (_scaler?.Unscale(_model.Parameters.Gradients!) != false)
            _optimizer.Step(_schedule[_state.Iteration]);
        _average?.Update();
        return loss;
    }

    private void RestWhenDue()
    {
        if (_model.Learner is not { } learner)
            return;
        var (epoch, from) = (_state.Iteration / _plan.IterationsPerEpoch, QuantizationStage.RestFrom(_plan.Epochs));
        (learner.RangesRest, learner.NormsRest) = (epoch >= from.Ranges, epoch >= from.Norms);
    }

    private DiagnosticException Diverged(BatchLoss loss) => new(
        Codes.TrainingDiverged,
        FormattableString.Invariant($"the training of '{_data.Model}' diverged: at iteration {_state.Iteration + 1} (epoch {(_state.Iteration / _plan.IterationsPerEpoch) + 1}) the loss is {loss.Value} (loss_cls {loss.Cls}, loss_bbox {loss.Bbox}), expected a finite number. Lower the learning rate (optim.lr, now {_schedule.BaseRate}) or lengthen the warm-up (optim.warmup_iterations, now {_schedule.WarmupIterations})."));

    private void EndEpoch(int epoch, CancellationToken cancellation)
    {
        ValidationMetrics? metrics = null;
        if (_plan.ValidatesAfter(epoch) || _leaving.TimeIsUp(_state))
        {
            metrics = Validate(epoch, cancellation);
            if (_state.TakesLead(metrics.MAP))
            {
                (_state.BestEpoch, _state.BestMap) = (epoch + 1, metrics.MAP);
                Best = [.. Validated.Parameters.Export(), .. (IEnumerable<KeyValuePair<string, StoredTensor>>?)_model.Learner?.Export() ?? []];
            }
        }

        var losses = _state.Running;
        _state.Epochs.Add(new EpochRecord(
            epoch + 1, _schedule[_state.Iteration - 1], losses.MeanCls() + losses.MeanBbox(), losses.MeanCls(), losses.MeanBbox(), metrics));
        _state.Running = new LossSums();
        if (epoch + 1 < _plan.Epochs && _leaving.Reason(_state) is { } reason)
        {
            _state.Stopped = reason;
            _log.Line($"Training ends after epoch {epoch + 1}: {reason}.");
        }
        else if (epoch + 1 == _plan.Stage2Start)
            _log.Line("Stage 2 begins: " + string.Join(", ", _config.Augmentation.Stage2Order));
    }

    private ValidationMetrics Validate(int epoch, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var result = _validator.Run(Validated, cancellation);
        var metrics = ValidationMetrics.Of(result);
        foreach (var line in ValidationTable.Lines(_data.Validation, result))
            _log.Line(line);
        _log.Line($"Epoch(val)  [{epoch + 1}][{_validator.Images}/{_validator.Images}]  coco/bbox_mAP: {metrics.MAP:0.0000}  coco/bbox_mAP_50: {metrics.MAP50:0.0000}  coco/bbox_mAP_75: {metrics.MAP75:0.0000}  time: {clock.Elapsed.TotalSeconds:0.000}");
        return metrics;
    }

    private void SaveCheckpoint(TimeSpan interval)
    {
        if (DateTime.UtcNow - _lastCheckpoint >= interval)
            SaveCheckpoint();
    }

    private void SaveCheckpoint()
    {
        var tensors = _model.Parameters.Export().Select(entry => KeyValuePair.Create(ModelPrefix + entry.Key, entry.Value)).Concat(_optimizer.Export());
        foreach (var more in new[] { _scaler?.Export(), _average?.Export(), _model.Learner?.Export() })
            tensors = tensors.Concat(more ?? Enumerable.Empty<KeyValuePair<string, StoredTensor>>());
        _checkpoints.Save(_state, tensors, Best);
        _lastCheckpoint = DateTime.UtcNow;
    }
}
