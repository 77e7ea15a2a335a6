namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// What a convolution or matrix product of codes needs to know before its loops: checked shapes, windows, multipliers, bias, range. Weights are int8;
/// input and output are both int8 or both int16.
/// </summary>
internal sealed class ConvSetup
{
    private ConvSetup(Node node, bool depthwise, Padding padding, (int Width, int Height) stride, (int Width, int Height) dilation, Activation activation)
    {
        Output = node.Output();
        Input = node.Input(0, Output.Type);
        Weights = node.Input(1, TensorType.Int8);
        node.Require(Input.Rank == 4 && Weights.Rank == 4, "needs an input and weights of rank 4");
        node.Require(Weights.IsConstant, "needs constant weights");
        (Batches, InputChannels) = (Input.Shape[0], Input.Shape[3]);
        OutputChannels = Weights.Shape[depthwise ? 3 : 0];
        FilterChannels = depthwise ? 1 : Weights.Shape[3];
        node.Require(OutputChannels > 0 && FilterChannels > 0 && InputChannels > 0, "has no channels");
        Rows = Window.Of(node, padding, Input.Shape[1], Weights.Shape[1], stride.Height, dilation.Height);
        Columns = Window.Of(node, padding, Input.Shape[2], Weights.Shape[2], stride.Width, dilation.Width);
        node.RequireShape(Output, Input.Shape[0], Rows.Output, Columns.Output, OutputChannels);

        InputZero = Input.ZeroPoint;
        OutputZero = Output.ZeroPoint;
        Range = CodeRange.Of(activation, Output, node);
        Multipliers = MultipliersOf(node, scale => (double)Input.Scale * scale);
        (Bias, WideBias) = BiasOf(node, depthwise);
    }

    private ConvSetup(Node node, FullyConnectedOptions options)
    {
        Output = node.Output();
        Input = node.Input(0, Output.Type);
        Weights = node.Input(1, TensorType.Int8);
        node.Require(options.WeightsFormat == 0, "has weights in an unknown order");
        node.Require(Weights is { Rank: 2, IsConstant: true } && Weights.Count > 0, "needs constant weights of rank 2");
        (OutputChannels, InputChannels) = (Weights.Shape[0], Weights.Shape[1]);
        FilterChannels = InputChannels;
        var vectors = Input.Count / InputChannels;
        node.Require(
            Input.Count % InputChannels == 0 && Output.Count == vectors * OutputChannels,
            $"has shapes {Input.ShapeText}, {Weights.ShapeText}, {Output.ShapeText} that do not fit");
        Batches = 1;
        Rows = new Window(1, 1, 1, 1, 1, 0);
        Columns = new Window(vectors, vectors, 1, 1, 1, 0);
        (InputZero, OutputZero) = (Input.ZeroPoint, Output.ZeroPoint);
        Range = CodeRange.Of(options.Activation, Output, node);

        // One scale for all channels is multiplied in float32 here, and only here.
        Multipliers = MultipliersOf(node, scale => Weights.Scales.Length == 1 ? Input.Scale * scale : (double)Input.Scale * scale);
        (Bias, WideBias) = BiasOf(node, depthwise: false);
    }

    public Operand Input { get; }

    public Operand Weights { get; }

    public Operand Output { get; }

    public Window Rows { get; }

    public Window Columns { get; }

    public int Batches { get; }

    public int InputChannels { get; }

    public int OutputChannels { get; }

    /// <summary>Input channels that one output channel sees.</summary>
    public int FilterChannels { get; }

    /// <summary>Products of all sums.</summary>
    public double MultiplyAdds => (double)Output.Count * FilterChannels * Rows.Kernel * Columns.Kernel;

    public int InputZero { get; }

    public int OutputZero { get; }

    public CodeRange Range { get; }

    /// <summary>One for each output channel.</summary>
    public Multiplier[] Multipliers { get; }

    /// <summary>One for each output channel; zeros when the operator has none.</summary>
    public int[] Bias { get; }

    /// <summary>
    /// One for each output channel where sums have 64 bits, else empty. Sums of int16 codes have them, as in the reference, unless the bias is int32.
    /// </summary>
    public long[] WideBias { get; }

    /// <summary>Whether sums have 64 bits.</summary>
    public bool HasWideSums => WideBias.Length > 0;

    public static ConvSetup OfConv(Node node)
    {
        var options = node.Options<ConvOptions>();
        var setup = new ConvSetup(
            node, false, options.Padding, (options.StrideWidth, options.StrideHeight), (options.DilationWidth, options.DilationHeight), options.Activation);
        var groups = setup.InputChannels / setup.FilterChannels;
        node.Require(
            setup.InputChannels % setup.FilterChannels == 0 && setup.OutputChannels % groups == 0,
            $"has filters of {setup.FilterChannels} channels over {setup.InputChannels} input and {setup.OutputChannels} output channels");
        return setup;
    }

    public static ConvSetup OfDepthwise(Node node)
    {
        var options = node.Options<DepthwiseConvOptions>();
        var setup = new ConvSetup(
            node, true, options.Padding, (options.StrideWidth, options.StrideHeight), (options.DilationWidth, options.DilationHeight), options.Activation);
        node.Require(
            setup.Weights.Shape[0] == 1 && setup.OutputChannels % setup.InputChannels == 0,
            $"has weights {setup.Weights.ShapeText} over {setup.InputChannels} input channels");
        return setup;
    }

    /// <summary>A matrix product, as a convolution of windows of one position: the vectors lie in one row.</summary>
    public static ConvSetup OfFullyConnected(Node node) => new(node, node.Options<FullyConnectedOptions>());

    /// <summary>The output code of a sum of products; of sums with 32 bits only those count.</summary>
    public int CodeOf(int channel, long sum)
    {
        var scaled = HasWideSums ? WideMultiplier.Of(Multipliers[channel]).Apply(sum + WideBias[channel]) : Multipliers[channel].Apply((int)sum + Bias[channel]);
        return Math.Clamp(scaled + OutputZero, Range.Lowest, Range.Highest);
    }

    private Multiplier[] MultipliersOf(Node node, Func<float, double> product)
    {
        var scales = Weights.Scales;
        node.Require(scales.Length == 1 || scales.Length == OutputChannels, $"has {scales.Length} weight scales for {OutputChannels} channels");
        var multipliers = new Multiplier[OutputChannels];
        for (var c = 0; c < OutputChannels; c++)
            multipliers[c] = Multiplier.Of(product(scales[scales.Length == 1 ? 0 : c]) / Output.Scale);
        return multipliers;
    }

    private (int[] Narrow, long[] Wide) BiasOf(Node node, bool depthwise)
    {
        var bias = node.Optional(2);
        var wide = Input.Type == TensorType.Int16 && bias?.Type != TensorType.Int32;
        var type = wide ? TensorType.Int64 : TensorType.Int32;
        node.Require(wide || Input.Type == TensorType.Int8 || !depthwise, "needs an int64 bias");
        node.Require(
            bias is null || (bias.Type == type && bias.IsConstant && bias.Count == OutputChannels), $"needs a constant {type.ToString().ToLowerInvariant()} bias for each channel");
        node.Require(!wide || Multipliers.All(WideMultiplier.Fits), "has an output scale that is less than a 128th of its sums' scale");
        if (wide)
            return (new int[OutputChannels], bias is null ? new long[OutputChannels] : bias.Elements<long>().ToArray());
        return (bias is null ? new int[OutputChannels] : bias.Int32.ToArray(), []);
    }
}
