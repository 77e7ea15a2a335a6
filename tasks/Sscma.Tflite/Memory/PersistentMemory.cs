namespace Sscma.Tflite;

/// <summary>
/// Estimates the arena's tail from the sizes of TFLM's records, as measured on a 64-bit build. Records of pointers halve with the pointer;
/// what kernels keep are mostly numbers, which do not.
/// </summary>
internal static class PersistentMemory
{
    private const int FixedBytes = 480;
    private const int PointersPerTensor = 3;
    private const int PointersPerOperator = 8;
    private const int PointersPerGraphTensor = 12;

    public static long Estimate(TfliteModel model, int pointerBytes)
    {
        var pointers = ((long)PointersPerTensor * model.Tensors.Count)
            + ((long)PointersPerOperator * model.Operators.Count)
            + (PointersPerGraphTensor * ((long)model.Inputs.Length + model.Outputs.Length));
        return FixedBytes + (pointers * pointerBytes) + model.Operators.Sum(node => KernelBytes(model, node));
    }

    private static long KernelBytes(TfliteModel model, TfliteOperator node) => node.Code switch
    {
        // Parameters, and for each output channel a multiplier and a shift in two lists.
        BuiltinOperator.Conv2D or BuiltinOperator.DepthwiseConv2D when node.Outputs.Length > 0 =>
            MemoryPlan.Align(72) + (2 * MemoryPlan.Align(4L * model.Tensors[node.Outputs[0]].Shape.LastOrDefault())),
        // Two tables of 513 numbers of 16 bits.
        BuiltinOperator.Softmax when node.Outputs.Length > 0 && model.Tensors[node.Outputs[0]].Type == TensorType.Int16 => 64 + (2 * MemoryPlan.Align(2 * 513L)),
        BuiltinOperator.FullyConnected or BuiltinOperator.Add or BuiltinOperator.Sub or BuiltinOperator.Softmax => 64,
        BuiltinOperator.Mul or BuiltinOperator.Mean or BuiltinOperator.Sum => 48,
        BuiltinOperator.MaxPool2D or BuiltinOperator.AveragePool2D or BuiltinOperator.HardSwish or BuiltinOperator.LeakyRelu
            or BuiltinOperator.Relu or BuiltinOperator.Relu6 or BuiltinOperator.Quantize or BuiltinOperator.Dequantize or BuiltinOperator.Concatenation
            or BuiltinOperator.StridedSlice => 32,
        _ => 16,
    };
}
