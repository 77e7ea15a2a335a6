namespace HardwareParts.Drawing;

/// <summary>Turns linear light into the pixels of a hurried photograph: out of focus, dark corners, noise.</summary>
internal sealed class Camera(Dice dice)
{
    private readonly double _blur = dice.Chance(0.5) ? dice.Between(0.2, 1.1) : 0;
    private readonly double _noise = dice.Between(0.002, 0.022);
    private readonly double _vignette = dice.Between(0, 0.35);

    /// <param name="light">Linear light at <see cref="Renderer.Samples"/>² points per pixel.</param>
    /// <param name="side">Width and height of the image, in pixels.</param>
    /// <param name="exposure">Factor on all light.</param>
    /// <returns>RGB bytes of a square image of this side.</returns>
    public byte[] Develop(Rgb[] light, int side, double exposure)
    {
        var pixels = Blurred(Averaged(light, side), side);
        var bytes = new byte[side * side * 3];
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var (dx, dy) = (2.0 * x / side - 1, 2.0 * y / side - 1);
                var pixel = pixels[y * side + x] * (exposure * (1 - _vignette * (dx * dx + dy * dy) / 2));
                var at = (y * side + x) * 3;
                bytes[at] = Screen(pixel.R);
                bytes[at + 1] = Screen(pixel.G);
                bytes[at + 2] = Screen(pixel.B);
            }
        }

        return bytes;
    }

    private static Rgb[] Averaged(Rgb[] light, int side)
    {
        const int N = Renderer.Samples;
        var pixels = new Rgb[side * side];
        for (var y = 0; y < side * N; y++)
        {
            for (var x = 0; x < side * N; x++)
                pixels[y / N * side + x / N] += light[y * side * N + x] * (1.0 / (N * N));
        }

        return pixels;
    }

    private Rgb[] Blurred(Rgb[] pixels, int side)
    {
        if (_blur == 0)
            return pixels;
        var weights = new double[7];
        for (var tap = -3; tap <= 3; tap++)
            weights[tap + 3] = Math.Exp(-tap * tap / (2 * _blur * _blur));
        var scale = 1 / weights.Sum();
        Rgb[] Along(Rgb[] from, int dx, int dy)
        {
            var to = new Rgb[from.Length];
            for (var at = 0; at < to.Length; at++)
            {
                for (var tap = -3; tap <= 3; tap++)
                {
                    var x = Math.Clamp(at % side + tap * dx, 0, side - 1);
                    var y = Math.Clamp(at / side + tap * dy, 0, side - 1);
                    to[at] += from[y * side + x] * (weights[tap + 3] * scale);
                }
            }

            return to;
        }

        return Along(Along(pixels, 1, 0), 0, 1);
    }

    private byte Screen(double linear) =>
        (byte)Math.Clamp(Math.Round(255 * (Math.Pow(Math.Max(0, linear), 1 / 2.2) + _noise * dice.Normal())), 0, 255);
}
