using System.Runtime.InteropServices;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Natives;
using Sscma.Onnx;
using Sscma.Quantization;
using Sscma.Tensors;
using Sscma.Training.Configuration;
using Sscma.Training.Devices;
using Sscma.Training.Loop;
using Sscma.Training.Network;
using Sscma.Training.QuantizationAware;
using Sscma.Training.Weights;
using TorchSharp;

namespace Sscma.Training;

/// <summary>Trains a detector: from annotated images to weights and an ONNX file.</summary>
public static class DetectorTrainer
{
    /// <summary>
    /// Trains, or goes on with a training that was interrupted, and writes into the work folder: <c>weights.safetensors</c> and <c>model.onnx</c> (the best epoch's
    /// averaged weights), <c>config.effective.yaml</c>, <c>training.json</c>, <c>train.html</c>; besides <c>train.log</c>, <c>train.jsonl</c> and <c>tensorboard/</c>, which hold times. The same request gives the same weights, bit for bit, on one machine.
    /// </summary>
    /// <param name="request">What to train.</param>
    /// <param name="sink">Takes warnings.</param>
    /// <param name="console">Takes the running text, which train.log holds as well.</param>
    /// <param name="cancellation">Stops after the running iteration; a checkpoint is written first.</param>
    /// <exception cref="DiagnosticException">SSCMA1xxx, SSCMA205x, SSCMA9xxx: the user can help it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TrainingResult Train(TrainingRequest request, IDiagnosticSink sink, TextWriter console, CancellationToken cancellation)
    {
        var train = request.Config.Train;
        try
        {
            Directory.CreateDirectory(request.WorkFolder);
            AtomicFile.RemoveLeftovers(request.WorkFolder, "weights.safetensors", "model.onnx", "config.effective.yaml", "training.json", "train.html");
            NativeLibraries.UseTorch();
            var compute = ComputePlan.Of(train, TrainingDevice.Choose(request.Device, DeviceSupport.Here));
            compute.Prepare(train.Threads);
            var data = TrainingData.Load(request, sink);
            train = data.Config.Train;
            return Train(request, data, compute, console, cancellation);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(Diagnostic.Error(
                Codes.FileAccess, $"the training of '{request.Model}' stopped at a file: {problem.Message} Check its permissions and the free space of '{request.WorkFolder}'."), problem);
        }
        catch (ExternalException problem) when (problem.Message.Contains("can't allocate memory", StringComparison.Ordinal))
        {
            throw new DiagnosticException(Diagnostic.Error(
                Codes.OutOfMemory, $"the memory does not suffice to train '{request.Model}' with batches of {train.BatchSize} images of {train.ImageSize} pixels. Lower BatchSize (train.batch_size) or ImageSize (train.image_size)."), problem);
        }
    }

    /// <summary>Makes a detector of weights that were trained elsewhere: writes them and their ONNX file.</summary>
    /// <param name="file">The weights, as safetensors under the reference's names.</param>
    /// <param name="config">The configuration with its number of classes.</param>
    /// <param name="labels">The names of the classes.</param>
    /// <param name="weights">The file of weights to write.</param>
    /// <param name="onnx">The ONNX file to write.</param>
    /// <exception cref="DiagnosticException">SSCMA2005: the weights are not those of this network; SSCMA9002: they cannot be read.</exception>
    public static void FromWeights(string file, DetectorConfig config, IReadOnlyList<string> labels, string weights, string onnx)
    {
        using var detector = RtmDet.Create(config, labels.Count, seed: 0);
        WeightFile.CheckNames(file, detector.Parameters);
        WeightFile.Load(file, detector.Parameters);
        WeightFile.Save(weights, detector.Parameters);
        OnnxFile.Write(OnnxExport.Write(detector, config.Train.ImageSize, labels, config.Train.ResizeMode), onnx);
    }

    private static TrainingResult Train(TrainingRequest request, TrainingData data, ComputePlan compute, TextWriter console, CancellationToken cancellation)
    {
        var start = StartingWeights.Find(request.WarmStart, data, out var fullBecause);
        var pretrained = start is null && request.Pretrained is { } named
            ? PretrainedStart.Fit(PretrainedFile.Read(named.File, named.Sha256), [.. StateEntry.Of(new RtmDetNetwork(data.Config.Model).Units)])
            : null;
        string[] remarks = fullBecause is null ? [] : [$"{fullBecause} Training begins from scratch."];
        if (!data.Config.Quantization.IsAware)
            return Train(request, new TrainingStart(data, start, pretrained, remarks), compute, console, cancellation);

        var aware = data with { Config = QuantizationStage.Of(data.Config) };
        if (pretrained is { IsWhole: true })
            return Train(request, new TrainingStart(aware, null, pretrained, remarks) { Effective = data.Config }, compute, console, cancellation);

        var floatRequest = request with { WorkFolder = Path.Combine(request.WorkFolder, QuantizationStage.FloatFolder) };
        var floats = new TrainingStart(data with { Config = QuantizationStage.Floats(data.Config) }, start, pretrained, remarks);
        Directory.CreateDirectory(floatRequest.WorkFolder);
        var done = FinishedTraining.Find(floatRequest.WorkFolder, floats.Inputs(compute)) ?? Train(floatRequest, floats, compute, console, cancellation);
        Ancestor[] lineage = [.. start?.Lineage ?? [], new Ancestor(Digest.OfFile(done.WeightsFile), done.Epochs)];
        var trained = new StartingWeights(SafeTensors.Read(done.WeightsFile), lineage, aware.Config.Train.MaxEpochs);
        var remark = FormattableString.Invariant($"Quantization-aware training begins with the float weights of epoch {done.BestEpoch}, coco/bbox_mAP: {done.BestMap:0.0000}.");
        return Train(request, new TrainingStart(aware, trained, null, [remark]) { Effective = data.Config }, compute, console, cancellation);
    }

    private static TrainingResult Train(TrainingRequest request, TrainingStart start, ComputePlan compute, TextWriter console, CancellationToken cancellation)
    {
        var inputs = start.Inputs(compute);
        var checkpoints = new CheckpointFolder(Path.Combine(request.WorkFolder, "checkpoints"));
        var checkpoint = checkpoints.Find(inputs.Digest(), out var remark);
        using var log = new TrainingLog(Path.Combine(request.WorkFolder, "train.log"), append: checkpoint is not null, console);
        if (remark is not null)
            log.Line($"{remark} Training starts over.");
        foreach (var line in start.Lines())
            log.Line(line);

        using var run = Begin(start, compute, inputs.Digest(), log, checkpoints, checkpoint);
        Introduce(request, start.Data, compute, run.Plan, log);
        AtomicFile.WriteIfDifferent(Path.Combine(request.WorkFolder, "config.effective.yaml"), start.EffectiveConfig);
        run.Train(request, cancellation);

        var result = WriteOutputs(request, start, run, inputs);
        checkpoints.Clear();
        log.Line($"Done: epoch {result.BestEpoch} of {result.Epochs} is the best, coco/bbox_mAP: {result.BestMap:0.0000}.");
        return result;
    }

    private static TrainingRun Begin(TrainingStart start, ComputePlan compute, string fingerprint, TrainingLog log, CheckpointFolder checkpoints, Checkpoint? checkpoint)
    {
        if (checkpoint is not null)
        {
            var resumed = new TrainingRun(start, compute, fingerprint, log, checkpoints);
            try
            {
                resumed.Restore(checkpoint);
                log.Line($"Training goes on after iteration {resumed.State.Iteration} of {resumed.Plan.Iterations}.");
                return resumed;
            }
            catch (InvalidDataException problem)
            {
                resumed.Dispose();
                log.Line($"The last checkpoint cannot be used: {problem.Message}. Training starts over.");
            }
        }

        checkpoints.Clear();
        return new TrainingRun(start, compute, fingerprint, log, checkpoints);
    }

    private static void Introduce(TrainingRequest request, TrainingData data, ComputePlan compute, TrainingPlan plan, TrainingLog log)
    {
        var train = data.Config.Train;
        log.Line($"{data.Model}: {data.Images.Count} of {data.Training.Images.Count} training images, {data.Images.Sum(image => image.Objects.Count)} objects, {data.Labels.Count} classes ({string.Join(", ", data.Labels.Take(20))}); {data.Validation.Images.Count} validation images");
        log.Line($"{plan.Epochs} epochs of {plan.IterationsPerEpoch} iterations, {plan.BatchSize} images each, {train.ImageSize}x{train.ImageSize} pixels, seed {train.Seed}, {train.Threads} threads for arithmetic, {request.LoaderThreads} for loading");
        if (compute.Type != DeviceType.CPU || !request.Device.Equals("cpu", StringComparison.OrdinalIgnoreCase))
            log.Line($"Device: {compute}");
        if (train.Bfloat16 && compute.Type == DeviceType.CPU && !ComputePlan.HasBFloat16)
            log.Line("Note: train.bfloat16 is on, for which this processor has no instructions (AVX512-BF16, AMX): it takes more time than float32.");
        if (train.Amp && !compute.Scales)
            log.Line($"Note: train.amp asks for float16, which {TrainingDevice.NameOf(compute.Type)} trains without: all of it is float32.");
        if (train.Schedule == "auto")
            log.Line($"Schedule: auto, for {data.Images.Count} images; config.effective.yaml says what came of it");
        if (data.Config.Quantization.IsAware)
        {
            var (ranges, norms) = QuantizationStage.RestFrom(plan.Epochs);
            log.Line($"Quantization-aware: {string.Join(", ", data.Config.Augmentation.Order)}; ranges rest from epoch {ranges + 1} on, norms from epoch {norms + 1} on");
            return;
        }

        log.Line($"Stage 1: {string.Join(", ", data.Config.Augmentation.Order)}; stage 2 from epoch {plan.Stage2Start + 1}: {string.Join(", ", data.Config.Augmentation.Stage2Order)}");
        if (train.Stage2Epochs >= plan.Epochs && plan.Epochs > 1)
            log.Line($"Note: train.stage2_epochs is {train.Stage2Epochs}, which leaves no first stage in {plan.Epochs} epochs; both stages get half.");
    }

    private static TrainingResult WriteOutputs(TrainingRequest request, TrainingStart start, TrainingRun run, TrainingFingerprint inputs)
    {
        string Output(string name) => Path.Combine(request.WorkFolder, name);
        using var best = run.BestDetector();
        WeightFile.Save(Output("weights.safetensors"), best.Parameters);
        var onnx = OnnxExport.Write(best, start.Data.Config.Train.ImageSize, start.Data.Labels, start.Data.Config.Train.ResizeMode);
        if (best.Learner is { } learner)
            LearntRanges.Write(onnx, learner.Ranges);
        OnnxFile.Write(onnx, Output("model.onnx"));
        TrainingReport.Write(Output("training.json"), start, run.Plan, run.State, inputs, Output("weights.safetensors"), Output("model.onnx"));
        run.FinishPage(best);
        return new TrainingResult(
            Output("weights.safetensors"), Output("model.onnx"), Output("training.json"), run.State.Epochs.Count, run.State.BestEpoch, run.State.BestMap, run.Resumed, run.State.Stopped);
    }
}
