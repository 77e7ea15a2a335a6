using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Tensors;
using Sscma.Training.Network;

namespace Sscma.Training.Loop;

/// <summary>What a warm start begins with.</summary>
/// <param name="Tensors">The weights.</param>
/// <param name="Lineage">The trainings behind them, oldest first.</param>
/// <param name="Epochs">Epochs to train now.</param>
internal sealed record StartingWeights(IReadOnlyDictionary<string, StoredTensor> Tensors, IReadOnlyList<Ancestor> Lineage, int Epochs)
{
    // A training that has no epochs left still has to learn what is new.
    private const int LeastPart = 4;

    /// <summary>Reads the weights of a warm start and sees whether this network and these classes are theirs.</summary>
    /// <param name="start">The warm start; null for none.</param>
    /// <param name="data">What is trained.</param>
    /// <param name="remark">Why the training has to be a full one although a warm start was asked for.</param>
    /// <exception cref="DiagnosticException">SSCMA2005: the files are not those that were chosen.</exception>
    public static StartingWeights? Find(WarmStart? start, TrainingData data, out string? remark)
    {
        remark = null;
        if (start is null)
            return null;
        foreach (var (file, digest) in new[] { (start.WeightsFile, start.WeightsSha256), (start.ReportFile, start.ReportSha256) })
        {
            if (!File.Exists(file) || Digest.OfFile(file) != digest)
                throw new DiagnosticException(Codes.WeightsMismatch, "the weights that the training was to go on from have changed meanwhile. Build again.", file);
        }

        try
        {
            var report = JsonSerializer.Deserialize<Report>(File.ReadAllBytes(start.ReportFile), TrainingJson.Options)!;
            if (!report.Labels.SequenceEqual(data.Labels))
                throw new InvalidDataException($"their classes are {string.Join(", ", report.Labels)}");
            var tensors = SafeTensors.Read(start.WeightsFile);
            using var model = RtmDet.Create(data.Config, data.Labels.Count, seed: 0);
            model.Parameters.Import(tensors);
            Ancestor[] lineage = [.. report.Lineage ?? [], new Ancestor(start.WeightsSha256, report.Epochs)];
            return new StartingWeights(tensors, lineage, start.Epochs ?? EpochsLeft(data.Config.Train.MaxEpochs, lineage.Sum(ancestor => ancestor.Epochs)));
        }
        catch (Exception problem) when (problem is InvalidDataException or JsonException)
        {
            remark = $"The accepted weights do not fit: {problem.Message}.";
            return null;
        }
    }

    private static int EpochsLeft(int all, int done) => Math.Max(all - done, (all + LeastPart - 1) / LeastPart);

    private sealed record Report
    {
        public required string[] Labels { get; init; }

        public required int Epochs { get; init; }

        public Ancestor[]? Lineage { get; init; }
    }
}
