namespace Sscma.Tflite.Detection;

/// <summary>An output of 8-bit codes with its meaning.</summary>
internal readonly struct Codes8(TfliteTensor tensor, byte[] bytes)
{
    private readonly bool _signed = tensor.Type == TensorType.Int8;

    public float Scale { get; } = tensor.Quantization!.Scales[0];

    public int ZeroPoint { get; } = (int)tensor.Quantization!.ZeroPoints[0];

    public int this[int i] => _signed ? (sbyte)bytes[i] : bytes[i];

    public float Real(int i) => (this[i] - ZeroPoint) * Scale;
}
