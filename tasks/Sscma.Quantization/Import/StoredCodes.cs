using Sscma.Onnx;
using Sscma.Quantization.Scales;
using Sscma.Tflite;

namespace Sscma.Quantization.Import;

/// <summary>Codes of a constant, with what a DequantizeLinear says about them.</summary>
/// <param name="Elements">The codes.</param>
/// <param name="Scales">One, or one for each place along the axis.</param>
/// <param name="ZeroPoint">The codes of zero; null for 0.</param>
/// <param name="Axis">The axis; of no meaning with one scale.</param>
internal sealed record StoredCodes(OnnxTensor Elements, float[] Scales, OnnxTensor? ZeroPoint, long Axis)
{
    /// <summary>The scale of each output channel of weights that are stored as signed bytes around zero; null for all others.</summary>
    /// <param name="outputs">The axis of the output channels.</param>
    public float[]? OfWeights(int outputs)
    {
        var (channels, axis) = (Elements.Shape[outputs], Scales.Length == 1 ? outputs : Shapes.Axis(Axis, Elements.Shape.Length));
        if (Elements.Type != OnnxType.Int8 || axis != outputs || (ZeroPoint is not null && ZeroPoint.Bytes.Span.ContainsAnyExcept((byte)0)))
            return null;
        return Scales.Length == channels ? Scales : [.. Enumerable.Repeat(Scales[0], (int)channels)];
    }

    /// <summary>The codes of all elements, if they are those of an activation; else null.</summary>
    public Codes? OfValue => Scales.Length == 1 ? CodesOf(Scales[0], ZeroPoint, Elements.Type) : null;

    /// <summary>What a scale and a zero point say, in codes as TFLite has them; null for types that no activation has.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="zero">The zero point; null for 0.</param>
    /// <param name="type">The type of the codes.</param>
    public static Codes? CodesOf(float scale, OnnxTensor? zero, OnnxType type)
    {
        var point = zero is null ? 0 : zero.Count == 1 && Numbers.Of(zero) is { } number ? (int?)number.Data[0] : null;
        return (type, point) switch
        {
            (OnnxType.UInt8, { } unsigned) => new Codes(TensorType.Int8, scale, unsigned - 128),
            (OnnxType.Int8, { } signed) => new Codes(TensorType.Int8, scale, signed),
            (OnnxType.Int16, 0) => new Codes(TensorType.Int16, scale, 0),
            _ => null,
        };
    }
}
