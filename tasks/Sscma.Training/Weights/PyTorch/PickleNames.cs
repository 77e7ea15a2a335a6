namespace Sscma.Training.Weights.PyTorch;

/// <summary>The names that a state dict needs, and what each makes. Nothing else exists here.</summary>
internal static class PickleNames
{
    private const string OrderedDict = "collections.OrderedDict";
    private const string Tensor = "torch._utils._rebuild_tensor_v2";
    private const string Parameter = "torch._utils._rebuild_parameter";
    private const string Size = "torch.Size";
    private const int MostAxes = 16;

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["torch.DoubleStorage"] = "F64",
        ["torch.FloatStorage"] = "F32",
        ["torch.HalfStorage"] = "F16",
        ["torch.BFloat16Storage"] = "BF16",
        ["torch.LongStorage"] = "I64",
        ["torch.IntStorage"] = "I32",
        ["torch.ShortStorage"] = "I16",
        ["torch.CharStorage"] = "I8",
        ["torch.ByteStorage"] = "U8",
        ["torch.BoolStorage"] = "BOOL",
    };

    private static readonly HashSet<string> Names = [OrderedDict, Tensor, Parameter, Size, .. Types.Keys];

    /// <summary>A name, if it is one of those that are known.</summary>
    /// <exception cref="ForbiddenNameException">It is not.</exception>
    public static PickledName Known(string module, string name)
    {
        var full = $"{module}.{name}";
        return Names.Contains(full) ? new PickledName(full) : throw new ForbiddenNameException(full);
    }

    /// <summary>What a call of a known name makes.</summary>
    /// <exception cref="InvalidDataException">It is called with something that it does not take.</exception>
    public static object? Make(PickledName callee, IReadOnlyList<object?> arguments) => (callee.Name, arguments) switch
    {
        (OrderedDict, []) => new PickledDictionary(),
        (OrderedDict, [List<object?> pairs]) => Dictionary(pairs),
        (Tensor, [PickledStorage storage, long offset, PickledTuple shape, PickledTuple strides, ..]) => TensorOf(storage, offset, Extents(shape), Extents(strides)),
        (Parameter, [PickledTensor tensor, ..]) => tensor,
        (Size, [PickledTuple shape]) => shape,
        _ => throw new InvalidDataException($"its pickle calls {callee.Name} with arguments that are not read here"),
    };

    /// <summary>A persistent id: ('storage', type, key, device, count).</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static PickledStorage Storage(object? id) =>
        id is PickledTuple { Items: ["storage", PickledName type, string key, _, long count] } && Types.TryGetValue(type.Name, out var element) && count >= 0
            ? new PickledStorage(element, key, count)
            : throw new InvalidDataException("its pickle has a persistent id that is no storage");

    private static PickledDictionary Dictionary(List<object?> pairs)
    {
        var dictionary = new PickledDictionary();
        foreach (var pair in pairs)
        {
            var (key, value) = pair switch
            {
                PickledTuple { Items: [var first, var second] } => (first, second),
                List<object?> and [var first, var second] => (first, second),
                _ => throw new InvalidDataException("its pickle has a dictionary of something else than pairs"),
            };
            dictionary.Items.Add(new(key, value));
        }

        return dictionary;
    }

    private static long[] Extents(PickledTuple tuple) => tuple.Items.Count <= MostAxes && tuple.Items.All(item => item is long and >= 0)
        ? [.. tuple.Items.Cast<long>()]
        : throw new InvalidDataException("its pickle has a tensor whose shape is no sequence of whole numbers");

    /// <summary>Every element has to lie in the storage, and there are no more of them than the storage has: a view that repeats itself could be endless.</summary>
    private static PickledTensor TensorOf(PickledStorage storage, long offset, long[] shape, long[] strides)
    {
        var count = shape.Aggregate((Int128)1, (product, extent) => product > long.MaxValue ? product : product * extent);
        var last = (Int128)offset;
        for (var axis = 0; axis < Math.Min(shape.Length, strides.Length) && count > 0; axis++)
            last += (Int128)(shape[axis] - 1) * strides[axis];
        if (shape.Length != strides.Length || offset < 0 || count > storage.Count || (count > 0 && last >= storage.Count))
            throw new InvalidDataException($"its pickle has a tensor [{string.Join(", ", shape)}] that does not lie in its storage of {storage.Count} elements");
        return new PickledTensor(storage, offset, shape, strides);
    }
}
