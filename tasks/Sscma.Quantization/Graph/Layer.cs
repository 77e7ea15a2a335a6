using Sscma.Tflite;

namespace Sscma.Quantization.Graph;

/// <summary>One step of the network; becomes one TFLite operator.</summary>
/// <param name="Name">Name of the ONNX node that it began as.</param>
/// <param name="Inputs">Operands, constants excepted.</param>
/// <param name="Output">The result.</param>
internal abstract record Layer(string Name, IReadOnlyList<Value> Inputs, Value Output)
{
    /// <summary>The codes pass unchanged (or are only compared and moved), so every operand and the result share one scale.</summary>
    public virtual bool KeepsScale => false;

    /// <summary>Multiply-accumulate steps.</summary>
    public virtual long Macs => 0;
}

/// <summary>max, min or none, fused into the layer that makes the value.</summary>
internal abstract record ActivatedLayer(string Name, IReadOnlyList<Value> Inputs, Value Output, Activation Activation)
    : Layer(Name, Inputs, Output);

/// <summary>a + b, same shape or broadcast.</summary>
internal sealed record AddLayer(string Name, IReadOnlyList<Value> Inputs, Value Output, Activation Activation = Activation.None)
    : ActivatedLayer(Name, Inputs, Output, Activation);

/// <summary>a * b, same shape or broadcast.</summary>
internal sealed record MulLayer(string Name, IReadOnlyList<Value> Inputs, Value Output, Activation Activation = Activation.None)
    : ActivatedLayer(Name, Inputs, Output, Activation);

/// <summary>Joins channels.</summary>
internal sealed record ConcatLayer(string Name, IReadOnlyList<Value> Inputs, Value Output) : Layer(Name, Inputs, Output)
{
    public override bool KeepsScale => true;
}

/// <summary>Maximum of a window; places outside the image never win.</summary>
internal sealed record MaxPoolLayer(
    string Name, Value Input, Value Output, int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth, Padding Padding)
    : Layer(Name, [Input], Output)
{
    public override bool KeepsScale => true;

    /// <summary>What decides the result: pools that agree in it are one.</summary>
    public (Value, int, int, int, int, Padding) Window => (Input, KernelHeight, KernelWidth, StrideHeight, StrideWidth, Padding);
}

/// <summary>Every pixel becomes a block of equal pixels; the factor is the ratio of the shapes.</summary>
internal sealed record ResizeLayer(string Name, Value Input, Value Output) : Layer(Name, [Input], Output)
{
    public override bool KeepsScale => true;
}

/// <summary>Adds a border of real zeros.</summary>
internal sealed record PadLayer(string Name, Value Input, Value Output, Pads Pads) : Layer(Name, [Input], Output)
{
    public override bool KeepsScale => true;
}

/// <summary>Same elements under another shape.</summary>
internal sealed record ReshapeLayer(string Name, Value Input, Value Output) : Layer(Name, [Input], Output)
{
    public override bool KeepsScale => true;
}

/// <summary>Mean over height and width, which stay with extent 1.</summary>
internal sealed record MeanLayer(string Name, Value Input, Value Output) : Layer(Name, [Input], Output);

/// <summary>1 / (1 + exp(-x)).</summary>
internal sealed record SigmoidLayer(string Name, Value Input, Value Output) : Layer(Name, [Input], Output);

/// <summary>The same reals in codes of another scale.</summary>
internal sealed record RequantizeLayer(string Name, Value Input, Value Output) : Layer(Name, [Input], Output);
