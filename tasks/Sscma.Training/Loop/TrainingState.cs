using System.Text.Json;

namespace Sscma.Training.Loop;

/// <summary>Where a training stands, apart from its tensors. Serialised into the checkpoint.</summary>
internal sealed record TrainingState
{
    /// <summary>What the training was started from; a checkpoint of another one is not continued.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Iterations done. The validation at the end of an epoch may still be to come.</summary>
    public int Iteration { get; set; }

    /// <summary>Seconds that the training has taken so far, its interruptions left out.</summary>
    public double Seconds { get; set; }

    /// <summary>Why it ended before its last epoch; null if it did not.</summary>
    public string? Stopped { get; set; }

    /// <summary>Losses of the running epoch so far.</summary>
    public LossSums Running { get; set; } = new();

    /// <summary>What was measured at the end of each epoch.</summary>
    public List<EpochRecord> Epochs { get; init; } = [];

    /// <summary>The best epoch so far, counted from 1; 0 for none.</summary>
    public int BestEpoch { get; set; }

    /// <summary>mAP of the best epoch.</summary>
    public double BestMap { get; set; } = double.NegativeInfinity;

    /// <summary>Whether a validated epoch takes the lead: a higher mAP, or an equal one later.</summary>
    public bool TakesLead(double map) => BestEpoch == 0 || map >= BestMap;

    /// <summary>As UTF-8 JSON. Numbers keep every bit.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TrainingJson.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is no state.</exception>
    public static TrainingState FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingState>(json, TrainingJson.Options) ?? throw new InvalidDataException("the state is empty");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"the state cannot be read: {problem.Message}", problem);
        }
    }
}
