namespace Sscma.Tflite;

/// <summary>One tensor of a model.</summary>
/// <param name="Name">For people; need not be unique.</param>
/// <param name="Shape">Extents, outermost first (images: N, H, W, C); empty for a scalar.</param>
/// <param name="Type">Element type.</param>
/// <param name="Data">Little-endian elements of a constant; null for what is fed or computed. Tensors may share one array: it is then written once.</param>
/// <param name="Quantization">Null for a tensor that is not quantized.</param>
public sealed record TfliteTensor(string Name, int[] Shape, TensorType Type, byte[]? Data = null, TfliteQuantization? Quantization = null)
{
    /// <summary>Number of elements: the product of the extents; <see cref="long.MaxValue"/> when 64 bits do not hold it.</summary>
    public long Count
    {
        get
        {
            if (Shape.Contains(0))
                return 0;
            var count = 1L;
            foreach (var extent in Shape)
                count = count > long.MaxValue / extent ? long.MaxValue : count * extent;
            return count;
        }
    }
}
