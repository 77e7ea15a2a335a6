using Sscma.Diagnostics;
using Sscma.Tensors;
using Sscma.Training.Network;

namespace Sscma.Training.Weights;

/// <summary>A detector's numbers as a safetensors file under the reference's names.</summary>
public static class WeightFile
{
    private const int NamedAtMost = 3;

    /// <summary>Writes a detector's numbers, atomically. Equal numbers give equal bytes.</summary>
    public static void Save(string path, ParameterStore parameters) => SafeTensors.Write(path, parameters.Export());

    /// <summary>Compares the names and shapes of a file with those of a network.</summary>
    /// <exception cref="DiagnosticException">SSCMA2005: tensors are missing, surplus or of another shape, of which the first few are named; SSCMA9002: it cannot be read.</exception>
    public static void CheckNames(string path, ParameterStore parameters)
    {
        var state = Read(path);
        var needed = parameters.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        string[] faults =
        [
            Fault("missing", needed.Keys.Where(name => !state.ContainsKey(name))),
            Fault("not of this network", state.Keys.Where(name => !needed.ContainsKey(name))),
            Fault("of another shape", needed.Values.Where(entry => state.TryGetValue(entry.Name, out var tensor) && !tensor.Shape.SequenceEqual(entry.Shape))
                .Select(entry => $"{entry.Name} [{string.Join(", ", state[entry.Name].Shape)}] instead of [{string.Join(", ", entry.Shape)}]")),
        ];
        if (faults.Any(fault => fault.Length > 0))
        {
            throw new DiagnosticException(
                Codes.WeightsMismatch,
                $"these weights are not those of the network that Config describes, with the dataset's classes: {string.Join("; ", faults.Where(fault => fault.Length > 0))}. Use the configuration and the classes that they were trained with.",
                path);
        }
    }

    /// <summary>Reads numbers into a detector of the same network.</summary>
    /// <exception cref="DiagnosticException">SSCMA2005: the file is not sound or belongs to another network; SSCMA9002: it cannot be read.</exception>
    public static void Load(string path, ParameterStore parameters)
    {
        var state = Read(path);
        try
        {
            parameters.Import(state);
        }
        catch (InvalidDataException problem)
        {
            throw Unusable(path, problem);
        }
    }

    private static IReadOnlyDictionary<string, StoredTensor> Read(string path)
    {
        try
        {
            return SafeTensors.Read(path);
        }
        catch (InvalidDataException problem)
        {
            throw Unusable(path, problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.FileAccess, $"the weights cannot be read: {problem.Message}", path), problem);
        }
    }
    private static DiagnosticException Unusable(string path, Exception problem) =>
        new(Diagnostic.Error(Codes.WeightsMismatch, $"these weights cannot be used: {problem.Message}", path), problem);

    private static string Fault(string what, IEnumerable<string> names)
    {
        var sorted = names.Order(StringComparer.Ordinal).ToList();
        return sorted.Count == 0 ? "" : $"{sorted.Count} {what} ({string.Join(", ", sorted.Take(NamedAtMost))}{(sorted.Count > NamedAtMost ? ", …" : "")})";
    }
}
