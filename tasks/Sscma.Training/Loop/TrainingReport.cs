using System.Text.Json;
using Sscma.Files;

namespace Sscma.Training.Loop;

/// <summary>
/// training.json: how the weights came about. It holds no time and no path, so the same training gives the same bytes.
/// </summary>
internal static class TrainingReport
{
    /// <summary>Writes the report.</summary>
    public static void Write(string path, TrainingStart start, TrainingPlan plan, TrainingState state, TrainingFingerprint inputs, string weightsFile, string onnxFile)
    {
        var (data, pretrained) = (start.Data, start.Pretrained);
        var report = new
        {
            Model = data.Model,
            Labels = data.Labels,
            ImageSize = data.Config.Train.ImageSize,
            Seed = data.Config.Train.Seed,
            Epochs = state.Epochs.Count,
            Stopped = state.Stopped,
            Lineage = start.Weights?.Lineage,
            Pretrained = pretrained is null ? null : new
            {
                pretrained.File.Sha256,
                Loaded = pretrained.Loaded.Count,
                Of = pretrained.Needed,
                pretrained.Reshaped,
                pretrained.Missing,
                pretrained.Unused,
            },
            Stage2Start = plan.Stage2Start + 1,
            Iterations = state.Iteration,
            BatchSize = plan.BatchSize,
            Averaged = data.Config.Ema.Enabled,
            Quantization = data.Config.Quantization.IsAware ? data.Config.Quantization.Method : null,
            Chosen = "the epoch with the highest validation mAP; of equal ones the latest",
            BestEpoch = state.BestEpoch,
            Metrics = state.Epochs.Single(epoch => epoch.Epoch == state.BestEpoch).Metrics,
            Data = new
            {
                TrainImages = data.Training.Images.Count,
                TrainImagesUsed = data.Images.Count,
                TrainObjects = data.Images.Sum(image => image.Objects.Count),
                ValImages = data.Validation.Images.Count,
                ValObjects = data.Validation.Objects.Count,
            },
            Inputs = inputs,
            Outputs = new { Weights = Digest.OfFile(weightsFile), Onnx = Digest.OfFile(onnxFile) },
            History = state.Epochs,
        };
        AtomicFile.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(report, TrainingJson.Options));
    }
}
