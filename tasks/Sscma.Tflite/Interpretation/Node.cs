using Sscma.Diagnostics;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation;

/// <summary>An operator with its operands, as a kernel's constructor sees it. Every access checks that the thing is there.</summary>
internal sealed class Node(int index, TfliteOperator source, Operand[] tensors, Workspace workspace, KernelPath path)
{
    public BuiltinOperator Code => source.Code;

    public int InputCount => source.Inputs.Length;

    public int OutputCount => source.Outputs.Length;

    public Workspace Workspace => workspace;

    /// <summary>The path for kernels that have several.</summary>
    public KernelPath Path => path;

    public string Title => $"operator {index} ({(source.CustomName is null ? NameOf(source.Code) : $"custom '{source.CustomName}'")})";

    /// <summary>Operators without a name here are told by number.</summary>
    public static string NameOf(BuiltinOperator code) => Enum.IsDefined(code) ? code.ToString() : $"builtin code {(int)code}";

    public Operand Input(int i) => Optional(i) ?? throw Wrong($"has no input {i}");

    public Operand? Optional(int i) => i < source.Inputs.Length && source.Inputs[i] >= 0 ? tensors[source.Inputs[i]] : null;

    public Operand Output(int i = 0) => i < source.Outputs.Length ? tensors[source.Outputs[i]] : throw Wrong($"has no output {i}");

    /// <summary>An input of which the type is part of the operator's definition.</summary>
    public Operand Input(int i, TensorType type) =>
        Input(i) is var input && input.Type == type ? input : throw Wrong($"has an input {i} of type {input.Type}, expected {type}");

    public Operand Output(TensorType type) =>
        Output() is var output && output.Type == type ? output : throw Wrong($"has an output of type {output.Type}, expected {type}");

    /// <summary>A constant list of integers, such as axes or a size.</summary>
    public int[] Numbers(int i)
    {
        var input = Input(i, TensorType.Int32);
        return input.IsConstant || input.Count == 0 ? input.Int32.ToArray() : throw Wrong($"needs a constant as input {i}");
    }

    public T Options<T>()
        where T : OperatorOptions => source.Options as T ?? throw Wrong("has no options");

    /// <summary>An axis counted from the first, when negative axes count from the last.</summary>
    public int Axis(int axis, int rank)
    {
        var positive = axis < 0 ? axis + rank : axis;
        return positive >= 0 && positive < rank ? positive : throw Wrong($"names axis {axis} of a tensor of rank {rank}");
    }

    public void Require(bool holds, string what)
    {
        if (!holds)
            throw Wrong(what);
    }

    /// <summary>Checks the output's shape.</summary>
    public void RequireShape(Operand output, params ReadOnlySpan<int> expected)
    {
        if (!output.Shape.AsSpan().SequenceEqual(expected))
            throw Wrong($"has an output of shape {output.ShapeText}, expected [{string.Join(",", expected.ToArray())}]");
    }

    public DiagnosticException Wrong(string what) =>
        new(Codes.TfliteModelInconsistent, $"{Title} of the .tflite file {what}. Export the model again.");
}
