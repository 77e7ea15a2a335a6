namespace Sscma.Training.Weights.PyTorch;

/// <summary>A Python dictionary, in the order of insertion. Of equal keys the last counts.</summary>
internal sealed class PickledDictionary
{
    /// <summary>Keys and values.</summary>
    public List<KeyValuePair<object?, object?>> Items { get; } = [];
}

/// <summary>A Python tuple.</summary>
internal sealed record PickledTuple(IReadOnlyList<object?> Items);

/// <summary>A name that a pickle refers to and that is harmless: what it stands for is known here, nothing is looked up.</summary>
internal sealed record PickledName(string Name);

/// <summary>A piece of memory that tensors look into.</summary>
/// <param name="Type">The safetensors name of its elements' type, BF16 included.</param>
/// <param name="Key">Names the archive's entry.</param>
/// <param name="Count">Elements.</param>
internal sealed record PickledStorage(string Type, string Key, long Count);

/// <summary>A tensor: a view into a storage.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);
