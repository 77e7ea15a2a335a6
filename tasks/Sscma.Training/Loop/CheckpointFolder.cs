using Sscma.Files;
using Sscma.Tensors;

namespace Sscma.Training.Loop;

/// <summary>
/// The checkpoints of a training: <c>last.safetensors</c> holds all that going on needs, <c>best.epoch-N.safetensors</c> the weights that lead.
/// The best file is written first and named by its epoch, so that the two agree at whatever moment the process is killed.
/// </summary>
internal sealed class CheckpointFolder(string folder)
{
    private const string StateEntry = "state";
    private int _savedBest;

    private string LastFile => Path.Combine(folder, "last.safetensors");

    /// <summary>Writes a checkpoint, and removes the best weights of earlier ones.</summary>
    /// <param name="state">Where the training stands.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="best">The weights of the best epoch; null if there is none yet.</param>
    public void Save(TrainingState state, IEnumerable<KeyValuePair<string, StoredTensor>> tensors, IReadOnlyList<KeyValuePair<string, StoredTensor>>? best)
    {
        var bestFile = BestFile(state.BestEpoch);
        if (best is not null && _savedBest != state.BestEpoch)
            SafeTensors.Write(bestFile, best);
        _savedBest = state.BestEpoch;
        var json = state.ToJson();
        SafeTensors.Write(LastFile, [new(StateEntry, StoredTensor.From(json, json.Length)), .. tensors]);
        foreach (var old in Directory.GetFiles(folder, "best.*").Where(file => file != bestFile))
            File.Delete(old);
    }

    /// <summary>Looks for a checkpoint to go on from.</summary>
    /// <param name="fingerprint">Of the training that wants to go on.</param>
    /// <param name="remark">Why a checkpoint that is there is of no use; null if there is none, or a good one.</param>
    public Checkpoint? Find(string fingerprint, out string? remark)
    {
        remark = null;
        AtomicFile.RemoveLeftovers(folder, "*");
        if (!File.Exists(LastFile))
            return null;
        try
        {
            var checkpoint = Read();
            if (checkpoint.State.Fingerprint == fingerprint)
                return checkpoint;
            remark = "The last checkpoint belongs to other data, another configuration or another version.";
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException)
        {
            remark = $"The last checkpoint cannot be used: {problem.Message}.";
        }

        return null;
    }

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private Checkpoint Read()
    {
        var tensors = SafeTensors.Read(LastFile);
        if (!tensors.TryGetValue(StateEntry, out var json) || json.Type != "U8")
            throw new InvalidDataException($"{LastFile} holds no state");
        var state = TrainingState.FromJson(json.Bytes);
        return new Checkpoint(state, tensors, state.BestEpoch == 0 ? null : [.. SafeTensors.Read(BestFile(state.BestEpoch))]);
    }

    private string BestFile(int epoch) => Path.Combine(folder, $"best.epoch-{epoch}.safetensors");
}
