namespace Sscma.Tflite.Interpretation;

/// <summary>The memory of everything that is fed or computed: one array, laid out by the memory plan.</summary>
internal static class TensorArena
{
    /// <summary>The tensors of a model, each at its place.</summary>
    /// <param name="model">What will run.</param>
    /// <param name="apart">Whether no two share memory.</param>
    /// <param name="size">Bytes of it.</param>
    public static Operand[] Operands(TfliteModel model, bool apart, out long size)
    {
        var offsets = Apart(model);
        size = SizeOf(model, offsets);

        // The plan also has a place for what the reference kernels of reductions need and ours do not.
        if (!apart && ArenaHead.CanPlace(model) && ArenaHead.Offsets(model) is var planned && SizeOf(model, planned) is var smaller && smaller < size)
            (offsets, size) = (planned, smaller);

        foreach (var tensor in WidenedOnce(model))
        {
            offsets[tensor] = size = MemoryPlan.Align(size);
            size += BytesOf(model.Tensors[tensor]);
        }

        var arena = GC.AllocateArray<byte>((int)size + Operand.Slack, pinned: true);
        return [.. model.Tensors.Select((tensor, i) => new Operand(tensor, arena, (int)Math.Max(0, offsets[i])))];
    }

    // Weights that are stored as halves: DequantizeHalves makes them when the model is prepared, not in each run.
    private static IEnumerable<int> WidenedOnce(TfliteModel model) => model.Operators
        .Where(node => node is { Code: BuiltinOperator.Dequantize, Inputs: [>= 0, ..], Outputs.Length: > 0 } && model.Tensors[node.Inputs[0]] is { Type: TensorType.Float16, Data: not null })
        .Select(node => node.Outputs[0]);

    private static long SizeOf(TfliteModel model, long[] offsets) =>
        offsets.Select((offset, i) => offset < 0 ? 0 : offset + BytesOf(model.Tensors[i])).DefaultIfEmpty().Max();

    private static long[] Apart(TfliteModel model)
    {
        var next = 0L;
        var offsets = new long[model.Tensors.Count];
        for (var i = 0; i < offsets.Length; i++)
        {
            var bytes = model.Tensors[i].Data is null ? BytesOf(model.Tensors[i]) : 0;
            offsets[i] = model.Tensors[i].Data is null ? next : -1;
            next += MemoryPlan.Align(bytes);
        }

        return offsets;
    }

    private static long BytesOf(TfliteTensor tensor) => tensor.Count * tensor.Type.Size();
}
