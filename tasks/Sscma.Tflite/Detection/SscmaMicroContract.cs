namespace Sscma.Tflite.Detection;

/// <summary>What the SSCMA-Micro firmware asks of an RTMDet file. Source: Seeed-Studio SSCMA-Micro, commit 60e2ede (March 2026).</summary>
public static class SscmaMicroContract
{
    private const int MaxRank = 5;
    private const string VelaOperator = "ethos-u";

    /// <summary>Everything in which a model breaks the contract, one sentence each; empty when it is sound.</summary>
    public static IReadOnlyList<string> Check(TfliteModel model)
    {
        var violations = new List<string>();
        if (FindLayout(model, violations) is { } layout)
        {
            CheckInput(layout.Input, violations);
            if (layout.Levels.Any(level => level.Classes != layout.Levels[0].Classes))
                violations.Add($"its score outputs have {string.Join(", ", layout.Levels.Select(level => level.Classes))} classes, expected the same number");
        }

        foreach (var tensor in model.Tensors)
        {
            if (tensor.Shape.Length > MaxRank)
                violations.Add($"the tensor '{tensor.Name}' has rank {tensor.Shape.Length}, at most {MaxRank} is possible");
            if (tensor.Type is TensorType.Float32)
                violations.Add($"the tensor '{tensor.Name}' is float32: every operator must work on integers");
        }

        foreach (var node in model.Operators.Where(node => !IsAvailable(node)).DistinctBy(node => (node.Code, node.CustomName)))
            violations.Add($"the operator {node.CustomName ?? Interpretation.Node.NameOf(node.Code)} is not among those that are known to run in the firmware");
        return violations;
    }

    /// <summary>The layout that the firmware finds in a model, or null and what keeps it from running the model at all.</summary>
    internal static DetectorLayout? FindLayout(TfliteModel model, List<string> violations)
    {
        var before = violations.Count;
        var layout = DetectorLayout.Find(model, violations);
        if (layout is not null)
            CheckOutputs(layout, violations);
        return violations.Count > before ? null : layout;
    }

    // The device writes pixel - 128 (int8) or the pixel itself (uint8) and never looks at the quantization.
    private static void CheckInput(TfliteTensor input, List<string> violations)
    {
        var zeroPoint = input.Type switch
        {
            TensorType.Int8 => -128,
            TensorType.UInt8 => 0,
            _ => int.MinValue,
        };
        if (zeroPoint == int.MinValue)
            violations.Add($"its input is {input.Type}, expected Int8");
        else if (input.Quantization is not { Scales: [var scale], ZeroPoints: [var found] } || found != zeroPoint || Math.Abs((scale * 255) - 1) > 1e-5)
            violations.Add($"its input is quantized with {Text(input.Quantization)}, expected scale 1/255 and zero point {zeroPoint}");
    }

    private static void CheckOutputs(DetectorLayout layout, List<string> violations)
    {
        var type = layout.Output(0).Type;
        for (var k = 0; k < layout.Model.Outputs.Length; k++)
        {
            var output = layout.Output(k);
            if (output.Type is not (TensorType.Int8 or TensorType.UInt8) || output.Type != type)
                violations.Add($"its output '{output.Name}' is {output.Type}, expected all to be Int8");
            else if (output.Quantization is not { Scales: [> 0 and < float.PositiveInfinity], ZeroPoints: [_] })
                violations.Add($"its output '{output.Name}' is quantized with {Text(output.Quantization)}, expected one scale and one zero point");
        }
    }

    // Every operator that this library knows is one that the firmware's engine can register.
    private static bool IsAvailable(TfliteOperator node) =>
        node.Code == BuiltinOperator.Custom ? node.CustomName == VelaOperator : Enum.IsDefined(node.Code);

    private static string Text(TfliteQuantization? quantization) => quantization is null
        ? "nothing"
        : FormattableString.Invariant($"scale [{string.Join(",", quantization.Scales.Take(4))}] and zero point [{string.Join(",", quantization.ZeroPoints.Take(4))}]");
}
