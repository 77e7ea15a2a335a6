namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Checked shapes and windows of a convolution, a depthwise convolution, or a matrix product: that is a convolution of windows of one position, whose
/// vectors lie in one row.
/// </summary>
internal abstract class ConvShape
{
    // Two vectors of 512 bits.
    private const int WidestPanel = 32;
    private const long FewLanes = 1 << 22;

    /// <summary>Checks.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="weightType">Type of the weights; input and output have one type.</param>
    protected ConvShape(Node node, TensorType weightType)
    {
        Output = node.Output();
        Input = node.Input(0, Output.Type);
        Weights = node.Input(1, weightType);
        switch (node.Code)
        {
            case BuiltinOperator.FullyConnected:
                var matrix = node.Options<FullyConnectedOptions>();
                node.Require(matrix.WeightsFormat == 0, "has weights in an unknown order");
                node.Require(Weights.Rank == 2 && Weights.Count > 0, "needs weights of rank 2");
                (OutputChannels, InputChannels, Activation) = (Weights.Shape[0], Weights.Shape[1], matrix.Activation);
                FilterChannels = InputChannels;
                var vectors = Input.Count / InputChannels;
                node.Require(
                    Input.Count % InputChannels == 0 && Output.Count == vectors * OutputChannels,
                    $"has shapes {Input.ShapeText}, {Weights.ShapeText}, {Output.ShapeText} that do not fit");
                Batches = 1;
                Rows = new Window(1, 1, 1, 1, 1, 0);
                Columns = new Window(vectors, vectors, 1, 1, 1, 0);
                return;
            case BuiltinOperator.DepthwiseConv2D:
                var deep = node.Options<DepthwiseConvOptions>();
                Activation = deep.Activation;
                (Batches, InputChannels, OutputChannels) = Channels(node, outputAxis: 3);
                FilterChannels = 1;
                (Rows, Columns) = Windows(node, deep.Padding, deep.StrideHeight, deep.StrideWidth, deep.DilationHeight, deep.DilationWidth);
                node.Require(
                    Weights.Shape[0] == 1 && OutputChannels % InputChannels == 0, $"has weights {Weights.ShapeText} over {InputChannels} input channels");
                break;
            default:
                var options = node.Options<ConvOptions>();
                Activation = options.Activation;
                (Batches, InputChannels, OutputChannels) = Channels(node, outputAxis: 0);
                FilterChannels = Weights.Shape[3];
                (Rows, Columns) = Windows(node, options.Padding, options.StrideHeight, options.StrideWidth, options.DilationHeight, options.DilationWidth);
                node.Require(
                    FilterChannels > 0 && InputChannels % FilterChannels == 0 && OutputChannels % (InputChannels / FilterChannels) == 0,
                    $"has filters of {FilterChannels} channels over {InputChannels} input and {OutputChannels} output channels");
                break;
        }

        node.RequireShape(Output, Batches, Rows.Output, Columns.Output, OutputChannels);
    }

    public Operand Input { get; }

    public Operand Weights { get; }

    public Operand Output { get; }

    public Window Rows { get; }

    public Window Columns { get; }

    public Activation Activation { get; }

    public int Batches { get; }

    public int InputChannels { get; }

    public int OutputChannels { get; }

    /// <summary>Input channels that one output channel sees.</summary>
    public int FilterChannels { get; }

    /// <summary>Products of all sums.</summary>
    public double MultiplyAdds => (double)Output.Count * FilterChannels * Rows.Kernel * Columns.Kernel;

    /// <summary>Whether every output channel sees every input channel.</summary>
    public bool IsDense => FilterChannels == InputChannels;

    /// <summary>Whether kernels with vectors may run this: constants lie outside of the arena, where vectors may not read beyond their end.</summary>
    protected bool IsInArena => Output.Count > 0 && !Input.IsConstant && ConvBands.AreReasonable(this) && HasRoomForLanes;

    // They keep 32 bits for each weight and fill the channels up to whole vectors, so that one channel can take a hundred times the memory of its weights.
    private bool HasRoomForLanes => (OutputChannels + WidestPanel - 1L) / WidestPanel * WidestPanel * (Weights.Count / OutputChannels) <= Math.Max(FewLanes, 4L * Weights.Count);

    private (int Batches, int InputChannels, int OutputChannels) Channels(Node node, int outputAxis)
    {
        node.Require(Input.Rank == 4 && Weights.Rank == 4, "needs an input and weights of rank 4");
        var (inputs, outputs) = (Input.Shape[3], Weights.Shape[outputAxis]);
        node.Require(inputs > 0 && outputs > 0, "has no channels");
        return (Input.Shape[0], inputs, outputs);
    }

    private (Window Rows, Window Columns) Windows(Node node, Padding padding, int strideY, int strideX, int dilationY, int dilationX) => (
        Window.Of(node, padding, Input.Shape[1], Weights.Shape[1], strideY, dilationY),
        Window.Of(node, padding, Input.Shape[2], Weights.Shape[2], strideX, dilationX));
}
