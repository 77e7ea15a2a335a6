namespace Sscma.Tflite;

/// <summary>One operator of a model.</summary>
/// <param name="Code">What it computes.</param>
/// <param name="Inputs">Indices of tensors; -1 for an absent optional one.</param>
/// <param name="Outputs">Indices of tensors.</param>
/// <param name="Options">The record that belongs to <paramref name="Code"/>; null for an operator without options.</param>
public sealed record TfliteOperator(BuiltinOperator Code, int[] Inputs, int[] Outputs, OperatorOptions? Options = null)
{
    /// <summary>The name of a <see cref="BuiltinOperator.Custom"/> operator.</summary>
    public string? CustomName { get; init; }
}
