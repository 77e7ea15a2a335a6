using Sscma.Imaging;

namespace Sscma.Tflite.Detection;

/// <summary>
/// How the device makes the network's input from a camera frame: stretched to the square by <see cref="NearestResizer"/>, RGB or grey.
/// Source: Seeed-Studio SSCMA-Micro, commit 60e2ede (March 2026).
/// </summary>
public static class FirmwareInput
{
    /// <summary>Makes the raw input of a model.</summary>
    /// <param name="input">The model's input tensor, [1, S, S, 3] or [1, S, S, 1], int8 or uint8.</param>
    /// <param name="rgb">(height, width, 3), 0 to 255.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    public static byte[] From(TfliteTensor input, ReadOnlySpan<byte> rgb, int width, int height)
    {
        if (rgb.Length != (long)width * height * 3)
            throw new ArgumentException($"{rgb.Length} bytes are no {width}x{height} RGB image", nameof(rgb));
        var (side, channels) = (input.Shape[1], input.Shape[3]);
        var square = new byte[side * side * 3];
        NearestResizer.Resize(rgb, width, height, square, side, side);
        var result = channels == 3 ? square : GreyPicture.Of(square);

        // int8 codes are the pixel - 128: the same bits with the highest one inverted.
        if (input.Type == TensorType.Int8)
        {
            foreach (ref var code in result.AsSpan())
                code ^= 0x80;
        }

        return result;
    }
}
