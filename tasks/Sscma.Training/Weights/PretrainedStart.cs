using Sscma.Diagnostics;
using Sscma.Tensors;
using Sscma.Training.Network;

namespace Sscma.Training.Weights;

/// <summary>
/// What of a file of weights fits a network. A tensor fits by name and shape; the wrappers that training frameworks put before names are seen
/// through, and the names of a backbone alone are those of the network's backbone.
/// </summary>
public sealed class PretrainedStart
{
    private const int Named = 6;
    private const string Backbone = "backbone.";

    private PretrainedStart(PretrainedFile file, IReadOnlyDictionary<string, StoredTensor> loaded, IReadOnlyList<string> reshaped, IReadOnlyList<string> missing, IReadOnlyList<string> unused, int needed)
    {
        (File, Loaded, Reshaped, Missing, Unused, Needed) = (file, loaded, reshaped, missing, unused, needed);
    }

    /// <summary>The file.</summary>
    public PretrainedFile File { get; }

    /// <summary>What is taken over, under the network's names.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Loaded { get; }

    /// <summary>Tensors that both have in different shapes, with the shapes: another number of classes, for the most part.</summary>
    public IReadOnlyList<string> Reshaped { get; }

    /// <summary>Tensors of the network that the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Tensors of the file that the network has no use for, under the file's names.</summary>
    public IReadOnlyList<string> Unused { get; }

    /// <summary>Tensors that the network has, counters excepted.</summary>
    public int Needed { get; }

    /// <summary>Whether nothing of the network is left to chance.</summary>
    public bool IsWhole => Loaded.Count == Needed;

    /// <summary>Finds what fits.</summary>
    /// <exception cref="DiagnosticException">SSCMA2008: nothing does.</exception>
    public static PretrainedStart Fit(PretrainedFile file, IReadOnlyList<StateEntry> entries)
    {
        var wanted = entries.Where(entry => entry.Kind != StateKind.Counter).ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var counters = entries.Where(entry => entry.Kind == StateKind.Counter).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        var loaded = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        var (reshaped, unused) = (new List<string>(), new List<string>());
        foreach (var (name, tensor) in file.Tensors)
        {
            if (Candidates(name).FirstOrDefault(candidate => wanted.ContainsKey(candidate) || counters.Contains(candidate)) is not { } known)
                unused.Add(name);
            else if (!wanted.TryGetValue(known, out var entry))
                continue; // how many batches a norm has seen decides nothing here
            else if (tensor.Type == "F32" && tensor.Shape.SequenceEqual(entry.Shape))
                loaded[known] = tensor;
            else
                reshaped.Add($"{known} {Describe(tensor.Shape)} → {Describe(entry.Shape)}");
        }

        if (loaded.Count == 0)
        {
            throw new DiagnosticException(
                Codes.PretrainedDoesNotFit,
                $"none of the {file.Tensors.Count} tensors of the pretrained weights fits this network. Theirs are called {List([.. file.Tensors.Select(entry => entry.Key)])}; the network's {List([.. wanted.Keys])}. Take weights of the same configuration, or of its backbone.",
                file.Path);
        }

        var missing = wanted.Keys.Where(name => !loaded.ContainsKey(name) && !reshaped.Exists(text => text.StartsWith(name + " ", StringComparison.Ordinal))).ToList();
        return new PretrainedStart(file, loaded, reshaped, missing, unused, wanted.Count);
    }

    /// <summary>Says what was loaded and what was not, a line each.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"Pretrained weights: {Loaded.Count} of {Needed} tensors loaded from {Path.GetFileName(File.Path)}.";
        if (Reshaped.Count > 0)
            yield return $"Not loaded, another shape (file → network): {List(Reshaped)}.";
        if (Missing.Count > 0)
            yield return $"Not in the file: {List(Missing)}.";
        if (Unused.Count > 0)
            yield return $"In the file, without use here: {List(Unused)}.";
    }

    // "module." is a parallel wrapper's or an average's, "timm_model." that of a wrapped timm backbone, "model." and "_orig_mod." those of other trainers.
    private static IEnumerable<string> Candidates(string name)
    {
        foreach (var wrapper in new[] { "_orig_mod.", "module.", "model." })
        {
            if (name.StartsWith(wrapper, StringComparison.Ordinal))
                name = name[wrapper.Length..];
        }

        name = name.Replace("timm_model.", "", StringComparison.Ordinal);
        yield return name;
        yield return Backbone + name;
    }

    private static string Describe(long[] shape) => $"[{string.Join(", ", shape)}]";

    private static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(Named)) + (names.Count > Named ? $" and {names.Count - Named} more" : "");
}
