using Google.FlatBuffers;

namespace Sscma.Tflite;

/// <summary>How an operator is written: union number of its options, version, and the fields by slot. Source: the TFLite schema, version 3.</summary>
/// <param name="Union">Number in the schema's union of options; 0 when the operator has none.</param>
/// <param name="Version">Version of the operator's int8 form.</param>
/// <param name="Read">Reads the options' table; null when it has no fields.</param>
/// <param name="Write">Writes the options' table and returns its offset; null when it has no fields.</param>
internal sealed record OperatorForm(byte Union, int Version, Func<FlatTable, OperatorOptions>? Read = null, Func<FlatBufferBuilder, OperatorOptions, int>? Write = null)
{
    private static readonly Dictionary<BuiltinOperator, OperatorForm> Forms = new()
    {
        [BuiltinOperator.Add] = Of<AddOptions>(11, 2, t => new(Act(t, 0), t.Bool(1, true)), (b, o) =>
        {
            b.StartTable(2);
            b.AddSbyte(0, (sbyte)o.Activation, 0);
            b.AddBool(1, o.PotScaleInt16, true);
        }),
        [BuiltinOperator.AveragePool2D] = Pool(),
        [BuiltinOperator.MaxPool2D] = Pool(),
        [BuiltinOperator.Concatenation] = Of<ConcatenationOptions>(10, 2, t => new(t.Int32(0), Act(t, 1)), (b, o) =>
        {
            b.StartTable(2);
            b.AddInt(0, o.Axis, 0);
            b.AddSbyte(1, (sbyte)o.Activation, 0);
        }),
        [BuiltinOperator.Conv2D] = Of<ConvOptions>(
            1, 3, t => new((Padding)t.Int8(0), t.Int32(1), t.Int32(2), Act(t, 3), t.Int32(4, 1), t.Int32(5, 1)), (b, o) =>
        {
            b.StartTable(6);
            b.AddSbyte(0, (sbyte)o.Padding, 0);
            b.AddInt(1, o.StrideWidth, 0);
            b.AddInt(2, o.StrideHeight, 0);
            b.AddSbyte(3, (sbyte)o.Activation, 0);
            b.AddInt(4, o.DilationWidth, 1);
            b.AddInt(5, o.DilationHeight, 1);
        }),
        [BuiltinOperator.DepthwiseConv2D] = Of<DepthwiseConvOptions>(
            2, 3, t => new((Padding)t.Int8(0), t.Int32(1), t.Int32(2), t.Int32(3), Act(t, 4), t.Int32(5, 1), t.Int32(6, 1)), (b, o) =>
        {
            b.StartTable(7);
            b.AddSbyte(0, (sbyte)o.Padding, 0);
            b.AddInt(1, o.StrideWidth, 0);
            b.AddInt(2, o.StrideHeight, 0);
            b.AddInt(3, o.DepthMultiplier, 0);
            b.AddSbyte(4, (sbyte)o.Activation, 0);
            b.AddInt(5, o.DilationWidth, 1);
            b.AddInt(6, o.DilationHeight, 1);
        }),
        [BuiltinOperator.Dequantize] = new(38, 2),
        [BuiltinOperator.Quantize] = new(89, 1),
        [BuiltinOperator.FullyConnected] = Of<FullyConnectedOptions>(8, 4, t => new(Act(t, 0), t.Int8(1), t.Bool(2)), (b, o) =>
        {
            b.StartTable(3);
            b.AddSbyte(0, (sbyte)o.Activation, 0);
            b.AddSbyte(1, o.WeightsFormat, 0);
            b.AddBool(2, o.KeepDimensions, false);
        }),
        [BuiltinOperator.Logistic] = new(0, 2),
        [BuiltinOperator.Relu] = new(0, 2),
        [BuiltinOperator.Relu6] = new(0, 2),
        [BuiltinOperator.Tanh] = new(0, 2),
        [BuiltinOperator.Mul] = Of<MulOptions>(21, 2, t => new(Act(t, 0)), (b, o) =>
        {
            b.StartTable(1);
            b.AddSbyte(0, (sbyte)o.Activation, 0);
        }),
        [BuiltinOperator.Sub] = Of<SubOptions>(28, 2, t => new(Act(t, 0), t.Bool(1, true)), (b, o) =>
        {
            b.StartTable(2);
            b.AddSbyte(0, (sbyte)o.Activation, 0);
            b.AddBool(1, o.PotScaleInt16, true);
        }),
        [BuiltinOperator.Reshape] = Of<ReshapeOptions>(17, 1, t => new(t.Int32s(0)), o => o.NewShape),
        [BuiltinOperator.Squeeze] = Of<SqueezeOptions>(30, 1, t => new(t.Int32s(0)), o => o.Dimensions),
        [BuiltinOperator.ResizeBilinear] = Of<ResizeBilinearOptions>(15, 2, t => new(t.Bool(2), t.Bool(3)), (b, o) =>
        {
            b.StartTable(4);
            b.AddBool(2, o.AlignCorners, false);
            b.AddBool(3, o.HalfPixelCenters, false);
        }),
        [BuiltinOperator.ResizeNearestNeighbor] = Of<ResizeNearestOptions>(74, 2, t => new(t.Bool(0), t.Bool(1)), (b, o) =>
        {
            b.StartTable(2);
            b.AddBool(0, o.AlignCorners, false);
            b.AddBool(1, o.HalfPixelCenters, false);
        }),
        [BuiltinOperator.Softmax] = Of<SoftmaxOptions>(9, 2, t => new(t.Float(0)), (b, o) =>
        {
            b.StartTable(1);
            b.AddFloat(0, o.Beta, 0);
        }),
        [BuiltinOperator.Pad] = new(22, 2),
        [BuiltinOperator.PadV2] = new(43, 2),
        [BuiltinOperator.Transpose] = new(26, 2),
        [BuiltinOperator.Mean] = Reducer(),
        [BuiltinOperator.Sum] = Reducer(),
        [BuiltinOperator.ExpandDims] = new(52, 1),
        [BuiltinOperator.StridedSlice] = Of<StridedSliceOptions>(
            32, 2, t => new(t.Int32(0), t.Int32(1), t.Int32(2), t.Int32(3), t.Int32(4)), (b, o) =>
        {
            b.StartTable(5);
            b.AddInt(0, o.BeginMask, 0);
            b.AddInt(1, o.EndMask, 0);
            b.AddInt(2, o.EllipsisMask, 0);
            b.AddInt(3, o.NewAxisMask, 0);
            b.AddInt(4, o.ShrinkAxisMask, 0);
        }),
        [BuiltinOperator.Split] = Of<SplitOptions>(35, 2, t => new(t.Int32(0)), (b, o) =>
        {
            b.StartTable(1);
            b.AddInt(0, o.Count, 0);
        }),
        [BuiltinOperator.Slice] = new(48, 2),
        [BuiltinOperator.Maximum] = new(39, 2),
        [BuiltinOperator.Minimum] = new(39, 2),
        [BuiltinOperator.LeakyRelu] = Of<LeakyReluOptions>(75, 2, t => new(t.Float(0)), (b, o) =>
        {
            b.StartTable(1);
            b.AddFloat(0, o.Alpha, 0);
        }),
        [BuiltinOperator.HardSwish] = new(91, 1),
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

    private static OperatorForm Pool() => Of<PoolOptions>(
        5, 2, t => new((Padding)t.Int8(0), t.Int32(1), t.Int32(2), t.Int32(3), t.Int32(4), Act(t, 5)), (b, o) =>
    {
        b.StartTable(6);
        b.AddSbyte(0, (sbyte)o.Padding, 0);
        b.AddInt(1, o.StrideWidth, 0);
        b.AddInt(2, o.StrideHeight, 0);
        b.AddInt(3, o.FilterWidth, 0);
        b.AddInt(4, o.FilterHeight, 0);
        b.AddSbyte(5, (sbyte)o.Activation, 0);
    });

    private static OperatorForm Reducer() => Of<ReducerOptions>(27, 2, t => new(t.Bool(0)), (b, o) =>
    {
        b.StartTable(1);
        b.AddBool(0, o.KeepDimensions, false);
    });

    private static Activation Act(FlatTable table, int slot) => (Activation)table.Int8(slot);

    private static OperatorForm Of<T>(byte union, int version, Func<FlatTable, T> read, Action<FlatBufferBuilder, T> fields)
        where T : OperatorOptions => new(union, version, read, (builder, options) =>
    {
        fields(builder, (T)options);
        return builder.EndTable();
    });

    // A table whose only field is a vector of int32: the vector is written before the table begins.
    private static OperatorForm Of<T>(byte union, int version, Func<FlatTable, T> read, Func<T, int[]> numbers)
        where T : OperatorOptions => new(union, version, read, (builder, options) =>
    {
        var vector = TfliteWriter.Vector(builder, numbers((T)options));
        builder.StartTable(1);
        builder.AddOffset(0, vector, 0);
        return builder.EndTable();
    });
}
