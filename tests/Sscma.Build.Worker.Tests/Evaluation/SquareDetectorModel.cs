using System.Buffers.Binary;
using Sscma.Tflite;

namespace Sscma.Build.Worker.Tests;

/// <summary>
/// A hand-made detector of the RTMDet layout that finds red and green squares of one cell of the finest level: the mean colour of the cell
/// decides the class, the box is the cell. Input 32x32; the coarser levels and further classes never fire.
/// </summary>
internal static class SquareDetectorModel
{
    private const int Side = 32;
    private const float InputScale = 1f / 255;
    private const float ClassWeightScale = 20f / 127;

    /// <summary>The bytes of the file, its two classes under the given names: red first.</summary>
    public static byte[] Bytes(params string[] labels) => TfliteFile.Write(Model(labels));

    /// <summary>The same before it is written.</summary>
    public static TfliteModel Model(params string[] labels)
    {
        // Four score channels would look like boxes.
        var classes = labels.Length == 4 ? 5 : labels.Length;
        var tensors = new List<TfliteTensor> { new("images", [1, Side, Side, 3], TensorType.Int8, null, TfliteQuantization.PerTensor(InputScale, -128)) };
        var operators = new List<TfliteOperator>();
        var outputs = new List<int>();
        foreach (var stride in new[] { 8, 16, 32 })
        {
            var cells = Side / stride;
            var pooled = Add(tensors, new("cells", [1, cells, cells, 3], TensorType.Int8, null, tensors[0].Quantization));
            operators.Add(new(BuiltinOperator.AveragePool2D, [0], [pooled], new PoolOptions(Padding.Valid, stride, stride, stride, stride)));

            // Logits: 20 (R - G) - 10 for red, the contrary for green; always -10 on the coarser levels.
            var strength = (sbyte)(stride == 8 ? 127 : 0);
            sbyte[] colours = [strength, (sbyte)-strength, 0, (sbyte)-strength, strength, 0, .. new sbyte[classes * 3]];
            outputs.Add(Head(tensors, operators, pooled, cells, colours[..(classes * 3)], ClassWeightScale, -16192, 0.25f));

            // Distances: half a cell to each side.
            outputs.Add(Head(tensors, operators, pooled, cells, new sbyte[12], 0.5f, 255, 0.01f));
        }

        var model = new TfliteModel { Description = "test", Tensors = tensors, Operators = operators, Inputs = [0], Outputs = [.. outputs] };
        return new SscmaMetadata { Labels = labels, ImageSize = Side, Classes = classes }.WriteTo(model);
    }

    /// <summary>A 1x1 convolution of three channels and the flattening of its cells.</summary>
    private static int Head(List<TfliteTensor> tensors, List<TfliteOperator> operators, int input, int cells, sbyte[] weights, float weightScale, int bias, float outputScale)
    {
        var channels = weights.Length / 3;
        var scales = Enumerable.Repeat(weightScale, channels).ToArray();
        var biasScales = Enumerable.Repeat(weightScale * InputScale, channels).ToArray();
        var weight = Add(tensors, new("weights", [channels, 1, 1, 3], TensorType.Int8, [.. weights.Select(value => (byte)value)], TfliteQuantization.PerChannel(scales, 0)));
        var offset = Add(tensors, new("bias", [channels], TensorType.Int32, Int32s([.. Enumerable.Repeat(bias, channels)]), TfliteQuantization.PerChannel(biasScales, 0)));
        var quantization = TfliteQuantization.PerTensor(outputScale, 0);
        var map = Add(tensors, new("map", [1, cells, cells, channels], TensorType.Int8, null, quantization));
        operators.Add(new(BuiltinOperator.Conv2D, [input, weight, offset], [map], new ConvOptions(Padding.Valid, 1, 1)));
        int[] flatShape = [1, cells * cells, channels];
        var shape = Add(tensors, new("shape", [3], TensorType.Int32, Int32s(flatShape)));
        var flat = Add(tensors, new("output", flatShape, TensorType.Int8, null, quantization));
        operators.Add(new(BuiltinOperator.Reshape, [map, shape], [flat], new ReshapeOptions(flatShape)));
        return flat;
    }

    private static int Add(List<TfliteTensor> tensors, TfliteTensor tensor)
    {
        tensors.Add(tensor);
        return tensors.Count - 1;
    }

    private static byte[] Int32s(int[] values)
    {
        var bytes = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), values[i]);
        return bytes;
    }
}
