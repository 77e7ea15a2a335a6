using Google.FlatBuffers;
using Sscma.Tflite.Schema;
using Kind = Sscma.Tflite.Schema.BuiltinOptions;

namespace Sscma.Tflite;

/// <summary>How an operator is written: kind of its options, version, and the way between the record of its options and their table in the file.</summary>
/// <param name="Kind">Which table holds the options; none when the operator has no options.</param>
/// <param name="Version">Version of the operator's int8 form.</param>
/// <param name="Read">Reads the options' table, or gives null when the operator has none; null when the table has no fields.</param>
/// <param name="Write">Writes the options' table and returns its offset; null when it has no fields.</param>
internal sealed record OperatorForm(Kind Kind, int Version, Func<Operator, OperatorOptions?>? Read = null, Func<FlatBufferBuilder, OperatorOptions, int>? Write = null)
{
    private static readonly Dictionary<BuiltinOperator, OperatorForm> Forms = new()
    {
        [BuiltinOperator.Add] = Of<Schema.AddOptions, AddOptions>(
            Kind.AddOptions,
            2,
            table => new(table.FusedActivationFunction, table.PotScaleInt16),
            (b, o) => Schema.AddOptions.CreateAddOptions(b, o.Activation, o.PotScaleInt16).Value),
        [BuiltinOperator.AveragePool2D] = Pool(),
        [BuiltinOperator.MaxPool2D] = Pool(),
        [BuiltinOperator.Concatenation] = Of<Schema.ConcatenationOptions, ConcatenationOptions>(
            Kind.ConcatenationOptions,
            2,
            table => new(table.Axis, table.FusedActivationFunction),
            (b, o) => Schema.ConcatenationOptions.CreateConcatenationOptions(b, o.Axis, o.Activation).Value),
        [BuiltinOperator.Conv2D] = Of<Conv2DOptions, ConvOptions>(
            Kind.Conv2DOptions,
            3,
            table => new(table.Padding, table.StrideW, table.StrideH, table.FusedActivationFunction, table.DilationWFactor, table.DilationHFactor),
            (b, o) => Conv2DOptions.CreateConv2DOptions(b, o.Padding, o.StrideWidth, o.StrideHeight, o.Activation, o.DilationWidth, o.DilationHeight).Value),
        [BuiltinOperator.DepthwiseConv2D] = Of<DepthwiseConv2DOptions, DepthwiseConvOptions>(
            Kind.DepthwiseConv2DOptions,
            3,
            table => new(table.Padding, table.StrideW, table.StrideH, table.DepthMultiplier, table.FusedActivationFunction, table.DilationWFactor, table.DilationHFactor),
            (b, o) => DepthwiseConv2DOptions.CreateDepthwiseConv2DOptions(
                b, o.Padding, o.StrideWidth, o.StrideHeight, o.DepthMultiplier, o.Activation, o.DilationWidth, o.DilationHeight).Value),
        [BuiltinOperator.Dequantize] = new(Kind.DequantizeOptions, 2),
        [BuiltinOperator.Quantize] = new(Kind.QuantizeOptions, 1),
        [BuiltinOperator.FullyConnected] = Of<Schema.FullyConnectedOptions, FullyConnectedOptions>(
            Kind.FullyConnectedOptions,
            4,
            table => new(table.FusedActivationFunction, table.WeightsFormat, table.KeepNumDims),
            (b, o) => Schema.FullyConnectedOptions.CreateFullyConnectedOptions(b, o.Activation, o.WeightsFormat, o.KeepDimensions).Value),
        [BuiltinOperator.Logistic] = new(Kind.NONE, 2),
        [BuiltinOperator.Relu] = new(Kind.NONE, 2),
        [BuiltinOperator.Relu6] = new(Kind.NONE, 2),
        [BuiltinOperator.Tanh] = new(Kind.NONE, 2),
        [BuiltinOperator.Mul] = Of<Schema.MulOptions, MulOptions>(
            Kind.MulOptions, 2, table => new(table.FusedActivationFunction), (b, o) => Schema.MulOptions.CreateMulOptions(b, o.Activation).Value),
        [BuiltinOperator.Sub] = Of<Schema.SubOptions, SubOptions>(
            Kind.SubOptions,
            2,
            table => new(table.FusedActivationFunction, table.PotScaleInt16),
            (b, o) => Schema.SubOptions.CreateSubOptions(b, o.Activation, o.PotScaleInt16).Value),
        [BuiltinOperator.Reshape] = Of<Schema.ReshapeOptions, ReshapeOptions>(
            Kind.ReshapeOptions,
            1,
            table => new(table.GetNewShapeArray() ?? []),
            (b, o) => Schema.ReshapeOptions.CreateReshapeOptions(b, Schema.ReshapeOptions.CreateNewShapeVectorBlock(b, o.NewShape)).Value),
        [BuiltinOperator.Squeeze] = Of<Schema.SqueezeOptions, SqueezeOptions>(
            Kind.SqueezeOptions,
            1,
            table => new(table.GetSqueezeDimsArray() ?? []),
            (b, o) => Schema.SqueezeOptions.CreateSqueezeOptions(b, Schema.SqueezeOptions.CreateSqueezeDimsVectorBlock(b, o.Dimensions)).Value),
        [BuiltinOperator.ResizeBilinear] = Of<Schema.ResizeBilinearOptions, ResizeBilinearOptions>(
            Kind.ResizeBilinearOptions,
            2,
            table => new(table.AlignCorners, table.HalfPixelCenters),
            (b, o) => Schema.ResizeBilinearOptions.CreateResizeBilinearOptions(b, o.AlignCorners, o.HalfPixelCenters).Value),
        [BuiltinOperator.ResizeNearestNeighbor] = Of<ResizeNearestNeighborOptions, ResizeNearestOptions>(
            Kind.ResizeNearestNeighborOptions,
            2,
            table => new(table.AlignCorners, table.HalfPixelCenters),
            (b, o) => ResizeNearestNeighborOptions.CreateResizeNearestNeighborOptions(b, o.AlignCorners, o.HalfPixelCenters).Value),
        [BuiltinOperator.Softmax] = Of<Schema.SoftmaxOptions, SoftmaxOptions>(
            Kind.SoftmaxOptions, 2, table => new(table.Beta), (b, o) => Schema.SoftmaxOptions.CreateSoftmaxOptions(b, o.Beta).Value),
        [BuiltinOperator.Pad] = new(Kind.PadOptions, 2),
        [BuiltinOperator.PadV2] = new(Kind.PadV2Options, 2),
        [BuiltinOperator.Transpose] = new(Kind.TransposeOptions, 2),
        [BuiltinOperator.Mean] = Reducer(),
        [BuiltinOperator.Sum] = Reducer(),
        [BuiltinOperator.ExpandDims] = new(Kind.ExpandDimsOptions, 1),
        [BuiltinOperator.StridedSlice] = Of<Schema.StridedSliceOptions, StridedSliceOptions>(
            Kind.StridedSliceOptions,
            2,
            table => table.Offset
                ? throw TfliteFile.Damaged("a strided slice has ends that count from its begins, which is not supported")
                : new(table.BeginMask, table.EndMask, table.EllipsisMask, table.NewAxisMask, table.ShrinkAxisMask),
            (b, o) => Schema.StridedSliceOptions.CreateStridedSliceOptions(b, o.BeginMask, o.EndMask, o.EllipsisMask, o.NewAxisMask, o.ShrinkAxisMask).Value),
        [BuiltinOperator.Split] = Of<Schema.SplitOptions, SplitOptions>(
            Kind.SplitOptions, 2, table => new(table.NumSplits), (b, o) => Schema.SplitOptions.CreateSplitOptions(b, o.Count).Value),
        [BuiltinOperator.Slice] = new(Kind.SliceOptions, 2),
        [BuiltinOperator.Maximum] = new(Kind.MaximumMinimumOptions, 2),
        [BuiltinOperator.Minimum] = new(Kind.MaximumMinimumOptions, 2),
        [BuiltinOperator.LeakyRelu] = Of<Schema.LeakyReluOptions, LeakyReluOptions>(
            Kind.LeakyReluOptions, 2, table => new(table.Alpha), (b, o) => Schema.LeakyReluOptions.CreateLeakyReluOptions(b, o.Alpha).Value),
        [BuiltinOperator.HardSwish] = new(Kind.HardSwishOptions, 1),
    };

    /// <summary>The form of an operator, or null when it is not known.</summary>
    public static OperatorForm? Find(BuiltinOperator code) => Forms.GetValueOrDefault(code);

    /// <summary>The lowest version of which a runtime knows what this operator uses.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="type">Type of what it computes with.</param>
    public int VersionOf(TfliteOperator node, TensorType type) => type switch
    {
        TensorType.Float32 => FloatVersionOf(node),
        TensorType.Float16 => 3,
        TensorType.Int16 => Int16VersionOf(node),
        _ => Int8VersionOf(node),
    };

    private static int FloatVersionOf(TfliteOperator node) => node.Options switch
    {
        FullyConnectedOptions when node.Inputs.Length < 3 || node.Inputs[2] < 0 => 6,
        FullyConnectedOptions { KeepDimensions: true } => 5,
        DepthwiseConvOptions { DilationWidth: > 1 } or DepthwiseConvOptions { DilationHeight: > 1 } => 2,
        ResizeBilinearOptions { HalfPixelCenters: true } or ResizeNearestOptions { HalfPixelCenters: true } => 3,
        _ => 1,
    };

    private int Int16VersionOf(TfliteOperator node) => node.Code switch
    {
        BuiltinOperator.Conv2D or BuiltinOperator.Mul or BuiltinOperator.ResizeBilinear or BuiltinOperator.ResizeNearestNeighbor => 4,
        BuiltinOperator.DepthwiseConv2D or BuiltinOperator.Sub => 5,
        BuiltinOperator.FullyConnected => 7,
        BuiltinOperator.Add or BuiltinOperator.Concatenation or BuiltinOperator.MaxPool2D or BuiltinOperator.AveragePool2D
            or BuiltinOperator.Pad or BuiltinOperator.PadV2 or BuiltinOperator.Mean or BuiltinOperator.Sum
            or BuiltinOperator.Logistic or BuiltinOperator.Tanh or BuiltinOperator.Softmax => 3,
        BuiltinOperator.Quantize => 2,
        _ => Version,
    };

    private int Int8VersionOf(TfliteOperator node) => node.Options switch
    {
        FullyConnectedOptions when node.Inputs.Length < 3 || node.Inputs[2] < 0 => 6,
        FullyConnectedOptions { KeepDimensions: true } => 5,
        ResizeBilinearOptions { HalfPixelCenters: true } or ResizeNearestOptions { HalfPixelCenters: true } => 3,
        _ => Version,
    };

    private static OperatorForm Pool() => Of<Pool2DOptions, PoolOptions>(
        Kind.Pool2DOptions,
        2,
        table => new(table.Padding, table.StrideW, table.StrideH, table.FilterWidth, table.FilterHeight, table.FusedActivationFunction),
        (b, o) => Pool2DOptions.CreatePool2DOptions(b, o.Padding, o.StrideWidth, o.StrideHeight, o.FilterWidth, o.FilterHeight, o.Activation).Value);

    private static OperatorForm Reducer() => Of<Schema.ReducerOptions, ReducerOptions>(
        Kind.ReducerOptions, 2, table => new(table.KeepDims), (b, o) => Schema.ReducerOptions.CreateReducerOptions(b, o.KeepDimensions).Value);

    private static OperatorForm Of<TTable, TOptions>(Kind kind, int version, Func<TTable, TOptions> read, Func<FlatBufferBuilder, TOptions, int> write)
        where TTable : struct, IFlatbufferObject
        where TOptions : OperatorOptions =>
        new(kind, version, node => node.BuiltinOptions<TTable>() is { } table ? read(table) : null, (builder, options) => write(builder, (TOptions)options));
}
