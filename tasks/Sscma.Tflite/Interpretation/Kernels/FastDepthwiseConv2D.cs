using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// The sums of <see cref="DepthwiseConv2D"/> with AVX2: 4 output positions of a row times 8 channels at once, for one output channel per
/// input channel. The border holds the zero point, and the zero point's share of every sum is a constant of the channel:
/// sum((x - z) * w) = sum(x * w) - z * sum(w), with all taps in both. Integers wrap the same, so the bytes are equal.
/// </summary>
internal sealed unsafe class FastDepthwiseConv2D : IKernel
{
    private const int Lanes = Requantizer.Lanes;
    private const int Tile = 4;

    private readonly ConvSetup _setup;
    private readonly Workspace _workspace;
    private readonly PaddedPlane _plane;
    private readonly Requantizer _requantizer;
    private readonly int[] _firstChannels;
    private readonly int[] _taps;

    // For each block of channels: 8 starting sums (bias and the zero point's share), then 8 weights for each tap.
    private readonly int[] _blocks;

    private FastDepthwiseConv2D(Node node, ConvSetup setup, PaddedPlane plane)
    {
        (_setup, _workspace, _plane) = (setup, node.Workspace, plane);
        _workspace.Reserve(plane.Elements);
        _requantizer = new Requantizer(setup.Multipliers, setup.OutputZero, setup.Range);
        _firstChannels = Requantizer.FirstChannels(setup.OutputChannels);
        var columns = setup.Columns.Kernel;
        _taps = [.. Enumerable.Range(0, setup.Rows.Kernel * columns).Select(tap => plane.TapOffset(tap / columns, tap % columns))];
        _blocks = PackBlocks();
    }

    /// <summary>The kernel, or null where only the plain one serves: no AVX2, few channels, a multiplier, an image too large to be copied.</summary>
    public static FastDepthwiseConv2D? TryCreate(Node node)
    {
        if (!Avx2.IsSupported)
            return null;
        var setup = ConvSetup.OfDepthwise(node);
        var plane = new PaddedPlane(setup.Rows, setup.Columns, setup.InputChannels);
        if (setup.OutputChannels != setup.InputChannels || setup.OutputChannels < Lanes || !plane.IsReasonable || setup.Output.Count == 0)
            return null;
        return new FastDepthwiseConv2D(node, setup, plane);
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
                _plane.Fill((sbyte*)scratch, image.Slice(batch * inputs, inputs), _setup.InputZero);
                RunBatch((sbyte*)scratch, output.Slice(batch * outputs, outputs));
            }
        }
    }

    private int[] PackBlocks()
    {
        var weights = _setup.Weights.Int8;
        var blocks = new int[_firstChannels.Length * (1 + _taps.Length) * Lanes];
        for (var block = 0; block < _firstChannels.Length; block++)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                var channel = _firstChannels[block] + lane;
                var at = (block * (1 + _taps.Length) * Lanes) + lane;
                var sum = 0;
                for (var tap = 0; tap < _taps.Length; tap++)
                    sum += blocks[at + ((1 + tap) * Lanes)] = weights[(tap * _setup.OutputChannels) + channel];
                blocks[at] = _setup.Bias[channel] - (_setup.InputZero * sum);
            }
        }

        return blocks;
    }

    private void RunBatch(sbyte* plane, Span<sbyte> output)
    {
        var (rows, columns, channels) = (_setup.Rows.Output, _setup.Columns.Output, _setup.OutputChannels);
        fixed (int* blocks = _blocks, taps = _taps)
        {
            for (var y = 0; y < rows; y++)
            {
                for (var block = 0; block < _firstChannels.Length; block++)
                {
                    var channel = _firstChannels[block];
                    var numbers = blocks + (block * (1 + _taps.Length) * Lanes);
                    for (var x = 0; x < columns; x += Tile)
                    {
                        // The last tile of a row goes back a little, or repeats the last position of a short row.
                        var first = Math.Max(0, Math.Min(x, columns - Tile));
                        var target = output[(((y * columns) + first) * channels)..];
                        RunTile(plane + channel, numbers, taps, block, y, first, target[channel..]);
                    }
                }
            }
        }
    }

    private void RunTile(sbyte* plane, int* numbers, int* taps, int block, int y, int x, Span<sbyte> target)
    {
        var last = _setup.Columns.Output - 1;
        var p0 = plane + _plane.OffsetOf(y, x);
        var p1 = plane + _plane.OffsetOf(y, Math.Min(x + 1, last));
        var p2 = plane + _plane.OffsetOf(y, Math.Min(x + 2, last));
        var p3 = plane + _plane.OffsetOf(y, Math.Min(x + 3, last));
        Vector256<int> s0, s1, s2, s3;
        s0 = s1 = s2 = s3 = Vector256.Load(numbers);
        for (var tap = 0; tap < _taps.Length; tap++)
        {
            var offset = (long)taps[tap];
            var w = Vector256.Load(numbers + ((1 + tap) * Lanes));
            s0 += w * Avx2.ConvertToVector256Int32(p0 + offset);
            s1 += w * Avx2.ConvertToVector256Int32(p1 + offset);
            s2 += w * Avx2.ConvertToVector256Int32(p2 + offset);
            s3 += w * Avx2.ConvertToVector256Int32(p3 + offset);
        }

        var channels = _setup.OutputChannels;
        var count = last - x;
        _requantizer.Store(s0, block, ref target[0]);
        if (count > 0)
            _requantizer.Store(s1, block, ref target[channels]);
        if (count > 1)
            _requantizer.Store(s2, block, ref target[2 * channels]);
        if (count > 2)
            _requantizer.Store(s3, block, ref target[3 * channels]);
    }
}
