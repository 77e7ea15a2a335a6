using Sscma.Tensors;
using static TorchSharp.torch;

namespace Sscma.Training.Optimization;

/// <summary>Reads long vectors of a checkpoint.</summary>
internal static class FlatState
{
    /// <summary>An entry of a given type and length.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static StoredTensor Find(IReadOnlyDictionary<string, StoredTensor> state, string name, string type, long count)
    {
        if (!state.TryGetValue(name, out var stored))
            throw new InvalidDataException($"the checkpoint lacks '{name}'");
        return stored.Type == type && stored.Count == count ? stored : throw new InvalidDataException(
            $"the checkpoint's '{name}' is {stored.Type} [{string.Join(", ", stored.Shape)}] where {type} with {count} elements is needed");
    }

    /// <summary>Fills a float vector from an entry.</summary>
    public static void CopyInto(Tensor target, IReadOnlyDictionary<string, StoredTensor> state, string name)
    {
        using var guard = no_grad();
        using var source = tensor(Find(state, name, "F32", target.NumberOfElements).As<float>().ToArray());
        target.copy_(source);
    }
}
