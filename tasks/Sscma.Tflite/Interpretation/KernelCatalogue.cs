using Sscma.Diagnostics;
using Sscma.Tflite.Interpretation.Kernels;

namespace Sscma.Tflite.Interpretation;

/// <summary>Which kernel runs which operator and type.</summary>
internal static class KernelCatalogue
{
    /// <summary>Builds the kernels of a graph.</summary>
    /// <param name="nodes">The graph.</param>
    /// <param name="limit">Bytes that they may allocate: many operators on the same large tensors multiply what each keeps.</param>
    /// <param name="workspace">Where they reserve what they share; it counts.</param>
    /// <exception cref="DiagnosticException">Some operators have no kernel: one error names all of them.</exception>
    public static IKernel[] Prepare(Node[] nodes, long limit, Workspace workspace)
    {
        var makers = nodes.Select(node => Find(node)).ToArray();
        var missing = nodes.Where((_, i) => makers[i] is null).ToArray();
        if (missing.Length > 0)
        {
            throw new DiagnosticException(
                Codes.TfliteOperatorUnsupported,
                $"the .tflite file uses what the interpreter does not run: {string.Join(", ", missing.Select(Describe))}. Export the model without it.");
        }

        var kernels = new IKernel[nodes.Length];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < nodes.Length; i++)
        {
            kernels[i] = makers[i]!();
            nodes[i].Require(GC.GetAllocatedBytesForCurrentThread() - before + workspace.Bytes <= limit, $"asks for too much memory: with the operators before it, more than {limit} bytes of tables");
        }

        return kernels;
    }

    private static string Describe(Node node) => node.InputCount > 0 && node.Optional(0) is { } first ? $"{node.Title} of {first.Type}" : node.Title;

    // The kernel's constructor, or null when there is no kernel. The type that decides is the output's.
    private static Func<IKernel>? Find(Node node)
    {
        if (node.OutputCount == 0)
            return null;
        var type = node.Output().Type;
        return (node.Code, type) switch
        {
            (BuiltinOperator.Conv2D or BuiltinOperator.FullyConnected, TensorType.Int8) => () => VectorKernels.OfInt8(node),
            (BuiltinOperator.Conv2D or BuiltinOperator.FullyConnected, TensorType.Int16) => () => VectorKernels.OfInt16(node),
            (BuiltinOperator.Conv2D or BuiltinOperator.FullyConnected, TensorType.Float32) => () => VectorKernels.OfFloat(node),
            (BuiltinOperator.DepthwiseConv2D, TensorType.Int8) => () => VectorKernels.DepthwiseOfInt8(node),
            (BuiltinOperator.DepthwiseConv2D, TensorType.Int16) => () => VectorKernels.DepthwiseOfInt16(node),
            (BuiltinOperator.DepthwiseConv2D, TensorType.Float32) => () => VectorKernels.DepthwiseOfFloat(node),
            (BuiltinOperator.Add or BuiltinOperator.Sub, TensorType.Int8) => () => new AddSub(node),
            (BuiltinOperator.Add or BuiltinOperator.Sub, TensorType.Int16) => () => new Int16AddSub(node),
            (BuiltinOperator.Mul, TensorType.Int8) => () => new Mul(node),
            (BuiltinOperator.Mul, TensorType.Int16) => () => new Int16Mul(node),
            (BuiltinOperator.Maximum or BuiltinOperator.Minimum, TensorType.Int8) => () => new MaximumMinimum<sbyte>(node),
            (BuiltinOperator.Maximum or BuiltinOperator.Minimum, TensorType.Int16) => () => new MaximumMinimum<short>(node),
            (BuiltinOperator.Maximum or BuiltinOperator.Minimum, TensorType.Float32) => () => new MaximumMinimum<float>(node),
            (BuiltinOperator.Add or BuiltinOperator.Sub or BuiltinOperator.Mul, TensorType.Float32) => () => new FloatArithmetic(node),
            (BuiltinOperator.Logistic, TensorType.Int8) => () => Logistic.Create(node),
            (BuiltinOperator.Logistic, TensorType.Int16) => () => Int16Sigmoid.Logistic(node),
            (BuiltinOperator.Tanh, TensorType.Int8) => () => Tanh.Create(node),
            (BuiltinOperator.Tanh, TensorType.Int16) => () => Int16Sigmoid.Tanh(node),
            (BuiltinOperator.HardSwish, TensorType.Int8) => () => HardSwish.Create(node),
            (BuiltinOperator.LeakyRelu, TensorType.Int8 or TensorType.Int16) => () => LeakyRelu.Create(node),
            (BuiltinOperator.Relu, TensorType.Int8 or TensorType.Int16) => () => Relu.Create(node),
            (BuiltinOperator.Relu6, TensorType.Int8 or TensorType.Int16) => () => Relu6.Create(node),
            (BuiltinOperator.Logistic or BuiltinOperator.Tanh or BuiltinOperator.HardSwish or BuiltinOperator.LeakyRelu
                or BuiltinOperator.Relu or BuiltinOperator.Relu6, TensorType.Float32) => () => FloatVectorUnary.Suits(node) ? new FloatVectorUnary(node) : new FloatUnary(node),
            (BuiltinOperator.Softmax, TensorType.Int8) => () => new Softmax(node),
            (BuiltinOperator.Softmax, TensorType.Int16) => () => new Int16Softmax(node),
            (BuiltinOperator.Softmax, TensorType.Float32) => () => new FloatSoftmax(node),
            (BuiltinOperator.MaxPool2D, TensorType.Int8) => () => new MaxPool2D<sbyte>(node),
            (BuiltinOperator.AveragePool2D, TensorType.Int8) => () => new AveragePool2D<sbyte>(node),
            (BuiltinOperator.MaxPool2D, TensorType.Int16) => () => new MaxPool2D<short>(node),
            (BuiltinOperator.AveragePool2D, TensorType.Int16) => () => new AveragePool2D<short>(node),
            (BuiltinOperator.MaxPool2D, TensorType.Float32) => () => new MaxPool2D<float>(node),
            (BuiltinOperator.AveragePool2D, TensorType.Float32) => () => new FloatAveragePool2D(node),
            (BuiltinOperator.Mean or BuiltinOperator.Sum, TensorType.Int8) => () => new MeanSum(node),
            (BuiltinOperator.Mean or BuiltinOperator.Sum, TensorType.Int16) => () => new Int16MeanSum(node),
            (BuiltinOperator.Mean or BuiltinOperator.Sum, TensorType.Float32) => () => new FloatMeanSum(node),
            (BuiltinOperator.Quantize, _) => Quantize.Find(node),
            (BuiltinOperator.Dequantize, TensorType.Float32) => Dequantize.Find(node),
            (BuiltinOperator.ResizeBilinear, TensorType.Int8) => () => new ResizeBilinear<sbyte>(node),
            (BuiltinOperator.ResizeBilinear, TensorType.Int16) => () => new ResizeBilinear<short>(node),
            (BuiltinOperator.ResizeBilinear, TensorType.Float32) => () => new FloatResizeBilinear(node),
            _ when type.Size() == 0 => null,
            (BuiltinOperator.ResizeNearestNeighbor, _) => () => new ResizeNearestNeighbor(node),
            (BuiltinOperator.Concatenation, _) => () => new Concatenation(node),
            (BuiltinOperator.Split, _) => () => new Split(node),
            (BuiltinOperator.Reshape or BuiltinOperator.Squeeze or BuiltinOperator.ExpandDims, _) => () => new Reshape(node),
            (BuiltinOperator.Transpose, _) => () => Transpose.Create(node),
            (BuiltinOperator.Slice, _) => () => Slice.Create(node),
            (BuiltinOperator.StridedSlice, _) => () => StridedSlice.Create(node),
            (BuiltinOperator.Pad or BuiltinOperator.PadV2, _) => () => Pad.Create(node),
            _ => null,
        };
    }
}
