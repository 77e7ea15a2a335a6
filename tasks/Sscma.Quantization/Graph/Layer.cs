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

/// <summary>a - b, same shape or broadcast.</summary>
internal sealed record SubLayer(string Name, IReadOnlyList<Value> Inputs, Value Output, Activation Activation = Activation.None)
    : ActivatedLayer(Name, Inputs, Output, Activation);

/// <summary>Joins values along an axis; 3 is channels.</summary>
internal sealed record ConcatLayer(string Name, IReadOnlyList<Value> Inputs, Value Output, int Axis = 3) : Layer(Name, Inputs, Output)
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

/// <summary>Mean of a window; places outside the image do not count.</summary>
internal sealed record AveragePoolLayer(
    string Name, Value Input, Value Output, int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth, Padding Padding)
    : Layer(Name, [Input], Output)
{
    public override bool KeepsScale => true;
}

/// <summary>Another size of the same picture, by the nearest pixel or bilinear.</summary>
internal sealed record ResizeLayer(string Name, Value Input, Value Output, ResizeKind Kind = default) : Layer(Name, [Input], Output)
{
    public override bool KeepsScale => true;
}

/// <summary>Adds a border of one number; negative infinity is the lowest number there is, which no maximum keeps.</summary>
internal sealed record PadLayer(string Name, Value Input, Value Output, Pads Pads, float Fill = 0) : Layer(Name, [Input], Output)
{
    public override bool KeepsScale => true;
}

/// <summary>A part of a value: for each axis where it begins and the distance of the elements taken; how many are taken is the result's shape.</summary>
internal sealed record SliceLayer(string Name, Value Input, Value Output, int[] Begins, int[] Steps) : Layer(Name, [Input], Output)
{
    public override bool KeepsScale => true;
}

/// <summary>Axis i of the result is axis <c>Axes[i]</c> of the operand.</summary>
internal sealed record TransposeLayer(string Name, Value Input, Value Output, int[] Axes) : Layer(Name, [Input], Output)
{
    public override bool KeepsScale => true;
}

/// <summary>A value that is the same for every image, in TFLite's order.</summary>
internal sealed record ConstantLayer(string Name, Value Output, float[] Data) : Layer(Name, [], Output)
{
    /// <summary>What its codes must reach.</summary>
    public ValueRange Range => new(Data.Min(), Data.Max());
}

/// <summary>Same elements under another shape.</summary>
internal sealed record ReshapeLayer(string Name, Value Input, Value Output) : Layer(Name, [Input], Output)
{
    public override bool KeepsScale => true;
}

/// <summary>Mean over axes, which stay with extent 1.</summary>
internal sealed record MeanLayer(string Name, Value Input, Value Output, params int[] Axes) : Layer(Name, [Input], Output);

/// <summary>1 / (1 + exp(-x)).</summary>
internal sealed record SigmoidLayer(string Name, Value Input, Value Output) : Layer(Name, [Input], Output);

/// <summary>Hyperbolic tangent.</summary>
internal sealed record TanhLayer(string Name, Value Input, Value Output) : Layer(Name, [Input], Output);

/// <summary>Softmax over channels.</summary>
internal sealed record SoftmaxLayer(string Name, Value Input, Value Output) : Layer(Name, [Input], Output);

/// <summary>x * relu6(x + 3) / 6.</summary>
internal sealed record HardSwishLayer(string Name, Value Input, Value Output) : Layer(Name, [Input], Output);

/// <summary>x for x ≥ 0, slope * x below.</summary>
internal sealed record LeakyReluLayer(string Name, Value Input, Value Output, float Slope) : Layer(Name, [Input], Output);

/// <summary>The same reals in codes of another scale.</summary>
internal sealed record RequantizeLayer(string Name, Value Input, Value Output) : Layer(Name, [Input], Output);
