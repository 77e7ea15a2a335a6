namespace Sscma.Tflite;

/// <summary>Places buffers that live at different times over one another, largest first. A plan that the file itself brings along is not read: ours bring none.</summary>
internal static class ArenaHead
{
    // The plan looks at all pairs of buffers. No network is that large; a hostile file may be.
    private const int MostBuffers = 4096;

    /// <exception cref="Diagnostics.DiagnosticException">The model is larger than any plan.</exception>
    public static long PlannedBytes(TfliteModel model)
    {
        if (!CanPlace(model))
            throw MemoryPlan.TooLarge($"has {model.Tensors.Count} tensors and {model.Operators.Count} operators, a plan is made for {MostBuffers} of each");
        return Place(model).Max(buffer => (long?)(buffer.Offset + buffer.Size)) ?? 0;
    }

    /// <summary>Whether a plan ends soon.</summary>
    public static bool CanPlace(TfliteModel model) => model.Tensors.Count <= MostBuffers && model.Operators.Count <= MostBuffers;

    /// <summary>Where the plan puts each tensor; -1 for what has no place in it: constants, and what nothing makes.</summary>
    public static long[] Offsets(TfliteModel model)
    {
        var offsets = Enumerable.Repeat(-1L, model.Tensors.Count).ToArray();
        foreach (var buffer in Place(model).Where(buffer => buffer.Tensor >= 0))
            offsets[buffer.Tensor] = buffer.Offset;
        return offsets;
    }

    private static List<Buffer> Place(TfliteModel model)
    {
        // OrderBy is stable; walking the list from its end puts the later-added first among equal sizes.
        var waiting = Buffers(model).AsEnumerable().Reverse().OrderByDescending(buffer => buffer.Size);
        var placed = new List<Buffer>();
        foreach (var buffer in waiting)
        {
            var offset = LowestGap(buffer, placed);
            var at = placed.FindIndex(other => other.Offset > offset);
            placed.Insert(at < 0 ? placed.Count : at, buffer with { Offset = offset });
        }

        return placed;
    }

    // Placed buffers are in the order of their offsets; only those alive at the same time are in the way.
    private static long LowestGap(Buffer buffer, List<Buffer> placed)
    {
        var candidate = 0L;
        foreach (var other in placed.Where(buffer.LivesWith))
        {
            if (other.Offset - candidate >= buffer.Size)
                break;
            candidate = Math.Max(candidate, other.Offset + other.Size);
        }

        return candidate;
    }

    // Time 0 is before the first operator; operator k runs at time k + 1. Everything that an operator touches lives at its time.
    private static List<Buffer> Buffers(TfliteModel model)
    {
        var first = Enumerable.Repeat(-1, model.Tensors.Count).ToArray();
        var last = (int[])first.Clone();
        foreach (var input in model.Inputs)
            first[input] = last[input] = 0;
        for (var k = 0; k < model.Operators.Count; k++)
        {
            foreach (var input in model.Operators[k].Inputs.Where(input => input >= 0))
                last[input] = k + 1;
            foreach (var output in model.Operators[k].Outputs)
                first[output] = last[output] = k + 1;
        }

        foreach (var output in model.Outputs)
            last[output] = model.Operators.Count;

        var buffers = new List<Buffer>();
        for (var i = 0; i < model.Tensors.Count; i++)
        {
            var tensor = model.Tensors[i];
            var bytes = tensor.Count * tensor.Type.Size();
            if (tensor.Data is null && first[i] >= 0 && bytes > 0)
                buffers.Add(new Buffer(MemoryPlan.Align(bytes), first[i], last[i], i));
        }

        for (var k = 0; k < model.Operators.Count; k++)
            buffers.AddRange(Scratch(model, model.Operators[k]).Select(size => new Buffer(MemoryPlan.Align(size), k + 1, k + 1)));
        return buffers;
    }

    // Reductions keep 32-bit sums, an index and the axes; the other reference kernels need nothing.
    private static IEnumerable<long> Scratch(TfliteModel model, TfliteOperator node)
    {
        if (node is not { Code: BuiltinOperator.Mean or BuiltinOperator.Sum, Inputs: [>= 0, >= 0, ..], Outputs: [_, ..] })
            return [];
        return [4 * model.Tensors[node.Outputs[0]].Count, 4 * model.Tensors[node.Inputs[0]].Shape.Length, 4 * model.Tensors[node.Inputs[1]].Count];
    }

    private readonly record struct Buffer(long Size, int First, int Last, int Tensor = -1, long Offset = 0)
    {
        public bool LivesWith(Buffer other) => First <= other.Last && other.First <= Last;
    }
}
