using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Winograd's way to 4x4 outputs of a 3x3 window, without fractions. Of 6x6 inputs come 36 values, of 3x3 weights 36 others, and their products, added
/// over the channels place by place, give back the outputs: 36 products in place of 144. The matrices are those of the points 0, 1, -1, 2, -2 and infinity, with the
/// denominators of the weights' rows left out and made good on the way back, so that what comes back is the sum times 9 and a power of two.
/// </summary>
internal static unsafe class WinogradTransforms
{
    /// <summary>Outputs of a tile along each axis.</summary>
    public const int Outputs = 4;

    /// <summary>Inputs of a tile along each axis.</summary>
    public const int Inputs = 6;

    /// <summary>Values of a tile.</summary>
    public const int Places = Inputs * Inputs;

    /// <summary>
    /// The greatest sum of the magnitudes of an output channel's weights. |code| ≤ 2^7, so |sum| ≤ 2^25, and 64 times that is still a number of 32 bits. On the
    /// way there 32 bits may overflow: that comes back. Values and weights have 16 bits: |code| * 10 * 10, |weight| * 7 * 7.
    /// </summary>
    public const int MostWeight = (1 << 18) - 1;

    // 9 times this is 1 in 32 bits.
    private const int NinthModulo32Bits = 954437177;

    private static readonly int[][] WeightRows = [[1, 0, 0], [-1, -1, -1], [-1, 1, -1], [1, 2, 4], [1, -2, 4], [0, 0, 1]];

    // Powers of two that come back with the outputs of a row or column.
    private static ReadOnlySpan<byte> Powers => [3, 2, 1, 1];

    /// <summary>The factor of a weight in the value of a place.</summary>
    /// <param name="place">Which value.</param>
    /// <param name="tap">Which weight, row by row.</param>
    public static int WeightFactor(int place, int tap) => WeightRows[place / Inputs][tap / 3] * WeightRows[place % Inputs][tap % 3];

    /// <summary>Values of a tile of inputs.</summary>
    /// <param name="pixels">The inputs, row by row.</param>
    /// <param name="channels">Channels; whole vectors are read and written.</param>
    /// <param name="scratch">Memory of <see cref="Places"/> vectors.</param>
    /// <param name="to">Where the values of the first place go.</param>
    /// <param name="step">From place to place.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfInputs(sbyte** pixels, int channels, Vector<short>* scratch, short* to, nint step)
    {
        for (var c = 0; c < channels; c += Vector<short>.Count)
        {
            for (var x = 0; x < Inputs; x++)
            {
                Spread(
                    Widen(pixels[x] + c), Widen(pixels[x + 6] + c), Widen(pixels[x + 12] + c), Widen(pixels[x + 18] + c), Widen(pixels[x + 24] + c), Widen(pixels[x + 30] + c),
                    scratch + x, Inputs);
            }

            for (var y = 0; y < Inputs; y++)
            {
                var row = scratch + (y * Inputs);
                Spread(row[0], row[1], row[2], row[3], row[4], row[5], row, 1);
                for (var x = 0; x < Inputs; x++)
                    row[x].Store(to + (((y * Inputs) + x) * step) + c);
            }
        }
    }

    /// <summary>Sums of products of a tile of outputs.</summary>
    /// <param name="sums">The sums of the first place, a lane a channel.</param>
    /// <param name="step">From place to place.</param>
    /// <param name="lanes">Channels; whole vectors are read and written.</param>
    /// <param name="start">What is added to the sums of each channel.</param>
    /// <param name="scratch">Memory of <see cref="Places"/> vectors.</param>
    /// <param name="to">Where the first output goes; the others follow row by row.</param>
    /// <param name="outputStep">From output to output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToOutputs(int* sums, nint step, int lanes, int* start, Vector<int>* scratch, int* to, nint outputStep)
    {
        for (var c = 0; c < lanes; c += Vector<int>.Count)
        {
            for (var x = 0; x < Inputs; x++)
            {
                var from = sums + (x * step) + c;
                Gather(
                    Vector.Load(from), Vector.Load(from + (6 * step)), Vector.Load(from + (12 * step)), Vector.Load(from + (18 * step)), Vector.Load(from + (24 * step)),
                    Vector.Load(from + (30 * step)), scratch + x, Inputs);
            }

            var (ninth, first) = (new Vector<int>(NinthModulo32Bits), Vector.Load(start + c));
            for (var y = 0; y < Outputs; y++)
            {
                var row = scratch + (y * Inputs);
                Gather(row[0], row[1], row[2], row[3], row[4], row[5], row, 1);
                for (var x = 0; x < Outputs; x++)
                    (((row[x] * ninth) >> (Powers[y] + Powers[x])) + first).Store(to + (((y * Outputs) + x) * outputStep) + c);
            }
        }
    }

    // Of six inputs along one axis six values.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(Vector<short> d0, Vector<short> d1, Vector<short> d2, Vector<short> d3, Vector<short> d4, Vector<short> d5, Vector<short>* to, int step)
    {
        var (a, b) = (d4 - (d2 << 2), d3 - (d1 << 2));
        var (c, e) = (d4 - d2, (d3 - d1) << 1);
        to[0] = ((d0 - d2) << 2) + c;
        to[step] = a + b;
        to[2 * step] = a - b;
        to[3 * step] = c + e;
        to[4 * step] = c - e;
        to[5 * step] = ((d1 - d3) << 2) + (d5 - d3);
    }

    // Of six sums along one axis four outputs: times 24, 12, 6, and 6.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(Vector<int> m0, Vector<int> m1, Vector<int> m2, Vector<int> m3, Vector<int> m4, Vector<int> m5, Vector<int>* to, int step)
    {
        var (a, b) = (m1 + m2, m1 - m2);
        var (c, e) = (m3 + m4, m3 - m4);
        to[0] = (((m0 + a) << 2) + (m0 << 1)) + c;
        to[step] = (b << 1) + e;
        to[2 * step] = a + c;
        to[3 * step] = b + (e << 1) + (m5 << 2) + (m5 << 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<short> Widen(sbyte* codes)
    {
        if (Vector<short>.Count == Vector512<short>.Count)
            return Vector512.WidenLower(Vector256.Load(codes).ToVector512Unsafe()).AsVector();
        if (Vector<short>.Count == Vector256<short>.Count)
            return Vector256.WidenLower(Vector128.Load(codes).ToVector256Unsafe()).AsVector();
        return Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)codes).AsSByte()).AsVector();
    }
}
