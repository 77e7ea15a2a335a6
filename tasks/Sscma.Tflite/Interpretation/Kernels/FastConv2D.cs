using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// The sums of <see cref="Conv2D"/> in another order, with AVX2: 8 output positions times 8 output channels at once. Each step takes two
/// neighbouring input values of a position and multiplies them with two weights of every channel. Sums of integers wrap the same in
/// any order, so the bytes are equal.
/// </summary>
internal sealed unsafe class FastConv2D : IKernel
{
    private const int Lanes = Requantizer.Lanes;
    private const int Tile = 8;

    // Positions whose input stays in the cache while the blocks of channels pass by.
    private const int Chunk = 64;

    private readonly ConvSetup _setup;
    private readonly Workspace _workspace;
    private readonly PaddedPlane _plane;
    private readonly Requantizer _requantizer;
    private readonly int[] _firstChannels;
    private readonly int[] _bias;

    // Runs of taps that lie side by side in the plane: where each begins, and how many pairs of values it has.
    private readonly int[] _runs;
    private readonly int _pairs;

    // For each block of channels, run and pair: 8 channels times 2 weights.
    private readonly short[] _weights;

    // Of each output position the first element of its window; the last one is repeated to fill a tile.
    private readonly int[] _positions;

    private FastConv2D(Node node, ConvSetup setup, PaddedPlane plane)
    {
        (_setup, _workspace, _plane) = (setup, node.Workspace, plane);
        _workspace.Reserve((long)plane.Elements * sizeof(short));
        _requantizer = new Requantizer(setup.Multipliers, setup.OutputZero, setup.Range);
        _firstChannels = Requantizer.FirstChannels(setup.OutputChannels);
        _bias = [.. _firstChannels.SelectMany(first => Enumerable.Range(first, Lanes)).Select(c => c < setup.OutputChannels ? setup.Bias[c] : 0)];

        var (rows, columns, depth) = (setup.Rows, setup.Columns, setup.InputChannels);
        var tapsPerRun = columns.Dilation == 1 ? columns.Kernel : 1;
        var runsPerRow = columns.Kernel / tapsPerRun;
        _runs = [.. Enumerable.Range(0, rows.Kernel * runsPerRow).Select(run => plane.TapOffset(run / runsPerRow, run % runsPerRow))];
        _pairs = ((tapsPerRun * depth) + 1) / 2;
        _weights = PackWeights(tapsPerRun * depth);
        _positions = new int[(rows.Output * columns.Output) + Tile];
        for (var i = 0; i < _positions.Length; i++)
        {
            var (y, x) = Math.DivRem(Math.Min(i, (rows.Output * columns.Output) - 1), columns.Output);
            _positions[i] = plane.OffsetOf(y, x);
        }
    }

    /// <summary>The kernel, or null where only the plain one serves: no AVX2, groups, an image too large to be copied.</summary>
    public static FastConv2D? TryCreate(Node node)
    {
        if (!Avx2.IsSupported)
            return null;
        var setup = ConvSetup.OfConv(node);
        var plane = new PaddedPlane(setup.Rows, setup.Columns, setup.InputChannels);
        if (setup.FilterChannels != setup.InputChannels || !plane.IsReasonable || setup.Output.Count == 0)
            return null;
        return new FastConv2D(node, setup, plane);
    }

    public void Run()
    {
        var image = _setup.Input.Int8;
        var output = _setup.Output.Int8;
        var (inputs, outputs) = (image.Length / _setup.Batches, output.Length / _setup.Batches);
        fixed (byte* scratch = _workspace.Bytes)
        {
            for (var batch = 0; batch < _setup.Batches; batch++)
            {
                _plane.FillCentered((short*)scratch, image.Slice(batch * inputs, inputs), _setup.InputZero);
                RunBatch((short*)scratch, output.Slice(batch * outputs, outputs));
            }
        }
    }

    private short[] PackWeights(int runLength)
    {
        var source = _setup.Weights.Int8;
        var weights = new short[_firstChannels.Length * _runs.Length * _pairs * Lanes * 2];
        var at = 0;
        foreach (var first in _firstChannels)
        {
            for (var run = 0; run < _runs.Length; run++)
            {
                for (var k = 0; k < _pairs * 2; k += 2)
                {
                    for (var lane = 0; lane < Lanes; lane++, at += 2)
                    {
                        // Beyond the run and beyond the channels weights are 0: what is read there does not count.
                        if (first + lane >= _setup.OutputChannels)
                            continue;
                        var filter = source.Slice((((first + lane) * _runs.Length) + run) * runLength, runLength);
                        weights[at] = filter[k];
                        weights[at + 1] = k + 1 < runLength ? filter[k + 1] : (short)0;
                    }
                }
            }
        }

        return weights;
    }

    private void RunBatch(short* plane, Span<sbyte> output)
    {
        var positions = _setup.Rows.Output * _setup.Columns.Output;
        var blockWeights = _runs.Length * _pairs * Lanes * 2;
        var sums = stackalloc Vector256<int>[Tile];
        fixed (short* weights = _weights)
        fixed (int* windows = _positions, bias = _bias, runs = _runs)
        {
            for (var chunk = 0; chunk < positions; chunk += Chunk)
            {
                var end = Math.Min(chunk + Chunk, positions);
                for (var block = 0; block < _firstChannels.Length; block++)
                {
                    for (var first = chunk; first < end; first += Tile)
                    {
                        new Span<Vector256<int>>(sums, Tile).Fill(Vector256.Load(bias + (block * Lanes)));
                        AddProducts(sums, plane, windows + first, runs, weights + (block * blockWeights));
                        Store(sums, block, first, Math.Min(Tile, end - first), output);
                    }
                }
            }
        }
    }

    // The whole time goes here. Written out so that the eight sums stay in registers.
    private void AddProducts(Vector256<int>* sums, short* plane, int* windows, int* runs, short* weights)
    {
        var (s0, s1, s2, s3) = (sums[0], sums[1], sums[2], sums[3]);
        var (s4, s5, s6, s7) = (sums[4], sums[5], sums[6], sums[7]);
        for (var run = 0; run < _runs.Length; run++)
        {
            var start = plane + runs[run];
            var (p0, p1, p2, p3) = ((long)windows[0], (long)windows[1], (long)windows[2], (long)windows[3]);
            var (p4, p5, p6, p7) = ((long)windows[4], (long)windows[5], (long)windows[6], (long)windows[7]);
            for (var pair = 0; pair < _pairs; pair++, start += 2, weights += Lanes * 2)
            {
                // |value| ≤ 255 and |weight| ≤ 128: the sum of two products has 17 bits.
                var w = Vector256.Load(weights);
                s0 += Avx2.MultiplyAddAdjacent(w, Pair(start + p0));
                s1 += Avx2.MultiplyAddAdjacent(w, Pair(start + p1));
                s2 += Avx2.MultiplyAddAdjacent(w, Pair(start + p2));
                s3 += Avx2.MultiplyAddAdjacent(w, Pair(start + p3));
                s4 += Avx2.MultiplyAddAdjacent(w, Pair(start + p4));
                s5 += Avx2.MultiplyAddAdjacent(w, Pair(start + p5));
                s6 += Avx2.MultiplyAddAdjacent(w, Pair(start + p6));
                s7 += Avx2.MultiplyAddAdjacent(w, Pair(start + p7));
            }
        }

        (sums[0], sums[1], sums[2], sums[3]) = (s0, s1, s2, s3);
        (sums[4], sums[5], sums[6], sums[7]) = (s4, s5, s6, s7);

        static Vector256<short> Pair(short* values) => Vector256.Create(*(int*)values).AsInt16();
    }

    private void Store(Vector256<int>* sums, int block, int firstPosition, int count, Span<sbyte> output)
    {
        var channels = _setup.OutputChannels;
        for (var i = 0; i < count; i++)
        {
            var target = output[((firstPosition + i) * channels)..];
            if (channels >= Lanes)
            {
                _requantizer.Store(sums[i], block, ref target[_firstChannels[block]]);
                continue;
            }

            long codes = 0;
            _requantizer.Store(sums[i], block, ref *(sbyte*)&codes);
            new Span<sbyte>(&codes, channels).CopyTo(target);
        }
    }
}
