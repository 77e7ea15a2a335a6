namespace Sscma.Tflite.Interpretation;

/// <summary>The memory of everything that is fed or computed: one array, laid out by the memory plan.</summary>
internal static class TensorArena
{
    // The plan looks at all pairs of tensors. No network is that large; a hostile file may be.
    private const int MostPlannedTensors = 4096;

    /// <summary>The tensors of a model, each at its place.</summary>
    /// <param name="model">What will run.</param>
    /// <param name="apart">Whether no two share memory.</param>
    public static Operand[] Operands(TfliteModel model, bool apart)
    {
        var offsets = apart || model.Tensors.Count > MostPlannedTensors ? Apart(model) : ArenaHead.Offsets(model);
        var size = 0;
        for (var i = 0; i < offsets.Length; i++)
        {
            if (offsets[i] >= 0)
                size = Math.Max(size, offsets[i] + BytesOf(model.Tensors[i]));
        }

        foreach (var tensor in WidenedOnce(model))
        {
            offsets[tensor] = size = MemoryPlan.Align(size);
            size = checked(size + BytesOf(model.Tensors[tensor]));
        }

        var arena = GC.AllocateArray<byte>(size + Operand.Slack, pinned: true);
        return [.. model.Tensors.Select((tensor, i) => new Operand(tensor, arena, Math.Max(0, offsets[i])))];
    }

    // Weights that are stored as halves: DequantizeHalves makes them when the model is prepared, not in each run.
    private static IEnumerable<int> WidenedOnce(TfliteModel model) => model.Operators
        .Where(node => node is { Code: BuiltinOperator.Dequantize, Inputs: [>= 0, ..], Outputs.Length: > 0 } && model.Tensors[node.Inputs[0]] is { Type: TensorType.Float16, Data: not null })
        .Select(node => node.Outputs[0]);

    private static int[] Apart(TfliteModel model)
    {
        var next = 0;
        var offsets = new int[model.Tensors.Count];
        for (var i = 0; i < offsets.Length; i++)
        {
            var bytes = model.Tensors[i].Data is null ? BytesOf(model.Tensors[i]) : 0;
            offsets[i] = model.Tensors[i].Data is null ? next : -1;
            next += MemoryPlan.Align(bytes);
        }

        return offsets;
    }

    private static int BytesOf(TfliteTensor tensor) => (int)tensor.Count * tensor.Type.Size();
}
