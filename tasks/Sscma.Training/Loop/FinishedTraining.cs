using System.Text.Json;
using Sscma.Files;

namespace Sscma.Training.Loop;

/// <summary>A training that has ended and whose files lie in its folder.</summary>
internal static class FinishedTraining
{
    /// <summary>The finished training of a folder, if it was one of these inputs and its weights are as it left them; else null.</summary>
    /// <param name="folder">Its work folder.</param>
    /// <param name="inputs">What the training would be started from now.</param>
    public static TrainingResult? Find(string folder, TrainingFingerprint inputs)
    {
        string Output(string name) => Path.Combine(folder, name);
        try
        {
            var report = JsonSerializer.Deserialize<Report>(File.ReadAllBytes(Output("training.json")), TrainingJson.Options);
            return report is not null && report.Inputs == inputs && Digest.OfFile(Output("weights.safetensors")) == report.Outputs.Weights
                ? new TrainingResult(Output("weights.safetensors"), Output("model.onnx"), Output("training.json"), report.Epochs, report.BestEpoch, report.Metrics.MAP, Resumed: true, report.Stopped)
                : null;
        }
        catch (Exception problem) when (problem is IOException or JsonException)
        {
            // Absent, or cut short by a crash: then it has to be done again.
            return null;
        }
    }

    private sealed record Report
    {
        public required int Epochs { get; init; }

        public required int BestEpoch { get; init; }

        public string? Stopped { get; init; }

        public required ValidationMetrics Metrics { get; init; }

        public required TrainingFingerprint Inputs { get; init; }

        public required Outputs Outputs { get; init; }
    }

    private sealed record Outputs(string Weights, string Onnx);
}
