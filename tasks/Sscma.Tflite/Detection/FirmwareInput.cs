namespace Sscma.Tflite.Detection;

/// <summary>
/// How the device makes the network's input from a camera frame: stretched to the square, nearest neighbour in 16.16 fixed point,
/// RGB or grey. Source: Seeed-Studio SSCMA-Micro, commit 60e2ede (March 2026).
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
        var stepX = ((long)width << 16) / side;
        var stepY = ((long)height << 16) / side;

        // int8 codes are the pixel - 128: the same bits with the highest one inverted.
        var flip = (byte)(input.Type == TensorType.Int8 ? 0x80 : 0);
        var result = new byte[side * side * channels];
        var i = 0;
        for (var y = 0; y < side; y++)
        {
            var row = rgb.Slice((int)((y * stepY) >> 16) * width * 3, width * 3);
            for (var x = 0; x < side; x++)
            {
                var pixel = row.Slice((int)((x * stepX) >> 16) * 3, 3);
                if (channels == 1)
                {
                    result[i++] = (byte)((((299 * pixel[0]) + (587 * pixel[1]) + (114 * pixel[2])) / 1000) ^ flip);
                    continue;
                }

                for (var c = 0; c < 3; c++)
                    result[i++] = (byte)(pixel[c] ^ flip);
            }
        }

        return result;
    }
}
