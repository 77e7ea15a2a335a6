using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sscma.Tflite.Interpretation.Vectors;

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

    /// <summary>Scratch memory of a transform.</summary>
    public const int ScratchBytes = Places * 64;

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

    /// <summary>So many channels as whole vectors, which <see cref="OfInputs"/> reads and writes.</summary>
    public static int Up(int channels) => (channels + ValuesOf(channels) - 1) / ValuesOf(channels) * ValuesOf(channels);

    /// <summary>Values of a tile of inputs.</summary>
    /// <param name="pixels">The inputs, row by row.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="scratch">Memory of <see cref="ScratchBytes"/>.</param>
    /// <param name="to">Where the values of the first place go.</param>
    /// <param name="step">From place to place.</param>
    public static void OfInputs(sbyte** pixels, int channels, void* scratch, short* to, nint step)
    {
        if (ValuesOf(channels) == Vector512<short>.Count)
            OfInputs<TransformUnit512, Vector512<short>, Vector512<int>>(pixels, channels, (Vector512<short>*)scratch, to, step);
        else
            OfInputs<TransformUnit, Vector<short>, Vector<int>>(pixels, channels, (Vector<short>*)scratch, to, step);
    }

    /// <summary>Sums of products of a tile of outputs.</summary>
    /// <param name="sums">The sums of the first place, a lane a channel.</param>
    /// <param name="step">From place to place.</param>
    /// <param name="lanes">Channels; a multiple of 4 and of what is a vector where no vectors are longer than 256 bits.</param>
    /// <param name="start">What is added to the sums of each channel.</param>
    /// <param name="scratch">Memory of <see cref="ScratchBytes"/>.</param>
    /// <param name="to">Where the first output goes; the others follow row by row.</param>
    /// <param name="outputStep">From output to output.</param>
    public static void ToOutputs(int* sums, nint step, int lanes, int* start, void* scratch, int* to, nint outputStep)
    {
        if (Vector512.IsHardwareAccelerated && lanes % Vector512<int>.Count == 0)
            ToOutputs<TransformUnit512, Vector512<short>, Vector512<int>>(sums, step, lanes, start, (Vector512<int>*)scratch, to, outputStep);
        else
            ToOutputs<TransformUnit, Vector<short>, Vector<int>>(sums, step, lanes, start, (Vector<int>*)scratch, to, outputStep);
    }

    private static int ValuesOf(int channels) => Vector512.IsHardwareAccelerated && channels > Vector<short>.Count ? Vector512<short>.Count : Vector<short>.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OfInputs<TUnit, TValues, TSums>(sbyte** pixels, int channels, TValues* scratch, short* to, nint step)
        where TUnit : struct, ITransformUnit<TValues, TSums>
        where TValues : unmanaged
        where TSums : unmanaged
    {
        for (var c = 0; c < channels; c += TUnit.Values)
        {
            for (var x = 0; x < Inputs; x++)
            {
                Spread<TUnit, TValues, TSums>(
                    TUnit.Widen(pixels[x] + c), TUnit.Widen(pixels[x + 6] + c), TUnit.Widen(pixels[x + 12] + c), TUnit.Widen(pixels[x + 18] + c),
                    TUnit.Widen(pixels[x + 24] + c), TUnit.Widen(pixels[x + 30] + c), (byte*)(scratch + x), Inputs * sizeof(TValues));
            }

            var target = (byte*)(to + c);
            for (var y = 0; y < Inputs; y++, target += Inputs * step * sizeof(short))
            {
                var row = scratch + (y * Inputs);
                Spread<TUnit, TValues, TSums>(row[0], row[1], row[2], row[3], row[4], row[5], target, step * sizeof(short));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToOutputs<TUnit, TValues, TSums>(int* sums, nint step, int lanes, int* start, TSums* scratch, int* to, nint outputStep)
        where TUnit : struct, ITransformUnit<TValues, TSums>
        where TValues : unmanaged
        where TSums : unmanaged
    {
        for (var c = 0; c < lanes; c += TUnit.Sums)
        {
            for (var x = 0; x < Inputs; x++)
            {
                var from = sums + (x * step) + c;
                Gather<TUnit, TValues, TSums>(
                    *(TSums*)from, *(TSums*)(from + (6 * step)), *(TSums*)(from + (12 * step)), *(TSums*)(from + (18 * step)), *(TSums*)(from + (24 * step)), *(TSums*)(from + (30 * step)),
                    scratch + x, Inputs);
            }

            var first = *(TSums*)(start + c);
            for (var y = 0; y < Outputs; y++)
            {
                var row = scratch + (y * Inputs);
                Gather<TUnit, TValues, TSums>(row[0], row[1], row[2], row[3], row[4], row[5], row, 1);
                for (var x = 0; x < Outputs; x++)
                    *(TSums*)(to + (((y * Outputs) + x) * outputStep) + c) = TUnit.Plus(TUnit.Scale(row[x], NinthModulo32Bits, Powers[y] + Powers[x]), first);
            }
        }
    }

    // Of six inputs along one axis six values.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread<TUnit, TValues, TSums>(TValues d0, TValues d1, TValues d2, TValues d3, TValues d4, TValues d5, byte* to, nint step)
        where TUnit : struct, ITransformUnit<TValues, TSums>
        where TValues : unmanaged
        where TSums : unmanaged
    {
        var a = TUnit.Minus(d4, TUnit.Left(d2, 2));
        var b = TUnit.Minus(d3, TUnit.Left(d1, 2));
        var c = TUnit.Minus(d4, d2);
        var e = TUnit.Left(TUnit.Minus(d3, d1), 1);
        *(TValues*)to = TUnit.Plus(TUnit.Left(TUnit.Minus(d0, d2), 2), c);
        *(TValues*)(to + step) = TUnit.Plus(a, b);
        *(TValues*)(to + (2 * step)) = TUnit.Minus(a, b);
        *(TValues*)(to + (3 * step)) = TUnit.Plus(c, e);
        *(TValues*)(to + (4 * step)) = TUnit.Minus(c, e);
        *(TValues*)(to + (5 * step)) = TUnit.Plus(TUnit.Left(TUnit.Minus(d1, d3), 2), TUnit.Minus(d5, d3));
    }

    // Of six sums along one axis four outputs: times 24, 12, 6, and 6.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather<TUnit, TValues, TSums>(TSums m0, TSums m1, TSums m2, TSums m3, TSums m4, TSums m5, TSums* to, nint step)
        where TUnit : struct, ITransformUnit<TValues, TSums>
        where TValues : unmanaged
        where TSums : unmanaged
    {
        var (a, b) = (TUnit.Plus(m1, m2), TUnit.Minus(m1, m2));
        var (c, e) = (TUnit.Plus(m3, m4), TUnit.Minus(m3, m4));
        to[0] = TUnit.Plus(TUnit.Plus(TUnit.Left(TUnit.Plus(m0, a), 2), TUnit.Left(m0, 1)), c);
        to[step] = TUnit.Plus(TUnit.Left(b, 1), e);
        to[2 * step] = TUnit.Plus(a, c);
        to[3 * step] = TUnit.Plus(TUnit.Plus(b, TUnit.Left(e, 1)), TUnit.Plus(TUnit.Left(m5, 2), TUnit.Left(m5, 1)));
    }
}
