using System.Runtime.InteropServices;

namespace Sscma.Tflite.Detection;

/// <summary>The network's input from a picture that has its size already, for every precision of the file.</summary>
internal static class DetectorInput
{
    /// <summary>Makes the raw input of a model.</summary>
    /// <param name="input">The model's input tensor, [1, S, S, 3] or [1, S, S, 1].</param>
    /// <param name="rgb">(S, S, 3), 0 to 255.</param>
    public static byte[] From(TfliteTensor input, ReadOnlySpan<byte> rgb)
    {
        var side = input.Shape[1];
        if (input.Type is TensorType.Int8 or TensorType.UInt8)
            return FirmwareInput.From(input, rgb, side, side);

        // The pixels as the firmware orders them; an int16 code is the pixel, a float the pixel / 255.
        var pixels = FirmwareInput.From(input with { Type = TensorType.UInt8 }, rgb, side, side);
        var raw = new byte[pixels.Length * input.Type.Size()];
        for (var i = 0; i < pixels.Length; i++)
        {
            if (input.Type == TensorType.Int16)
                MemoryMarshal.Cast<byte, short>(raw.AsSpan())[i] = pixels[i];
            else
                MemoryMarshal.Cast<byte, float>(raw.AsSpan())[i] = pixels[i] / 255f;
        }

        return raw;
    }
}
