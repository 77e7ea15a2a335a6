namespace HardwareParts.Drawing;

/// <summary>Smooth noise on a lattice: the grain of wood, the specks of cardboard, the brush strokes of metal.</summary>
internal static class Noise
{
    /// <summary>A value in [0, 1) that changes smoothly over a distance of about one.</summary>
    public static double Value(double x, double y, ulong seed)
    {
        var (column, row) = (Math.Floor(x), Math.Floor(y));
        var (fx, fy) = (Smooth(x - column), Smooth(y - row));
        var (i, j) = ((long)column, (long)row);
        var top = Lerp(Lattice(i, j, seed), Lattice(i + 1, j, seed), fx);
        var bottom = Lerp(Lattice(i, j + 1, seed), Lattice(i + 1, j + 1, seed), fx);
        return Lerp(top, bottom, fy);
    }

    /// <summary>Octaves of <see cref="Value"/>, each half as strong and twice as fine; in [0, 1).</summary>
    public static double Cloud(double x, double y, int octaves, ulong seed)
    {
        var (sum, weight, total) = (0.0, 1.0, 0.0);
        for (var octave = 0; octave < octaves; octave++)
        {
            sum += weight * Value(x, y, seed + (ulong)octave);
            total += weight;
            weight /= 2;
            (x, y) = (2 * x, 2 * y);
        }

        return sum / total;
    }

    private static double Lattice(long x, long y, ulong seed) =>
        (Dice.Mix(seed ^ Dice.Mix((ulong)x * 0x9E3779B97F4A7C15UL ^ (ulong)y * 0xC2B2AE3D27D4EB4FUL)) >> 11) * (1.0 / (1UL << 53));

    private static double Smooth(double t) => t * t * (3 - 2 * t);

    private static double Lerp(double from, double to, double t) => from + (to - from) * t;
}
