using System.Runtime.CompilerServices;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// A depthwise convolution of one output channel for each input channel: a lane is a channel, values are read where they lie, and taps outside of the
/// image are left out. Neighbouring positions whose windows are wholly inside of the columns share the weights. What becomes of sums is the derived class's.
/// </summary>
internal abstract unsafe class LaneDepthwiseConv2D<TUnit, TVector> : IKernel, IParts
    where TUnit : struct, ILaneUnit<TVector>
    where TVector : struct
{
    private const int Tile = 4;

    private readonly ConvShape _shape;
    private readonly Workspace _workspace;
    private readonly Cut _cut;

    // Channels, filled up to whole vectors.
    private readonly int _channels;

    // Output columns [_firstInside, _endInside) have windows that are inside of the image.
    private readonly int _firstInside;
    private readonly int _endInside;

    // Row by row and column by column a lane for each channel.
    private readonly int[] _weights;
    private readonly int[] _start;

    /// <summary>Packs.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="workspace">Threads and scratch memory.</param>
    /// <param name="multiplyAddsPerNanosecond">Of one thread, roughly.</param>
    /// <param name="weight">A weight's 32 bits by its place in the tensor.</param>
    /// <param name="start">The 32 bits with which the sums of a channel start.</param>
    protected LaneDepthwiseConv2D(ConvShape shape, Workspace workspace, double multiplyAddsPerNanosecond, Func<int, int> weight, Func<int, int> start)
    {
        (_shape, _workspace) = (shape, workspace);
        _cut = new Cut(shape.Batches * shape.Rows.Output, shape.MultiplyAdds / multiplyAddsPerNanosecond, workspace.Crew);
        _channels = (shape.OutputChannels + TUnit.Lanes - 1) / TUnit.Lanes * TUnit.Lanes;
        workspace.Reserve((long)Tile * _channels * sizeof(int));
        var columns = shape.Columns;
        var inside = Enumerable.Range(0, columns.Output).Where(x => columns.TapsInside(x) == (0, columns.Kernel)).ToArray();
        (_firstInside, _endInside) = inside.Length == 0 ? (columns.Output, columns.Output) : (inside[0], inside[^1] + 1);

        var taps = shape.Rows.Kernel * columns.Kernel;
        _weights = GC.AllocateArray<int>(checked(taps * _channels), pinned: true);
        _start = GC.AllocateArray<int>(_channels, pinned: true);
        for (var channel = 0; channel < shape.OutputChannels; channel++)
        {
            _start[channel] = start(channel);
            for (var tap = 0; tap < taps; tap++)
                _weights[(tap * _channels) + channel] = weight((tap * shape.OutputChannels) + channel);
        }
    }

    public void Run() => _cut.Run(this);

    public void RunPart(int part, int worker)
    {
        var sums = (int*)_workspace.Of(worker);
        var (first, end) = _cut[part];
        for (var row = first; row < end; row++)
        {
            for (var x = 0; x < _firstInside; x++)
                AddOne(row, x, sums);
            var next = _firstInside;
            for (; next <= _endInside - Tile; next += Tile)
                AddTile(row, next, sums);
            for (; next < _shape.Columns.Output; next++)
                AddOne(row, next, sums);
        }
    }

    /// <summary>Makes the outputs of a position of its sums.</summary>
    /// <param name="sums">A sum for each channel.</param>
    /// <param name="target">The first output element.</param>
    protected abstract void Finish(int* sums, long target);

    // The value that the first tap of a window meets, channel 0; for taps outside of the image the address is of no use and not used.
    private byte* ValueAt(int row, int x)
    {
        var (batch, y) = Math.DivRem(row, _shape.Rows.Output);
        var at = ((((long)batch * _shape.Rows.Input) + _shape.Rows.Start(y)) * _shape.Columns.Input) + _shape.Columns.Start(x);
        return (byte*)_shape.Input.Pointer + (at * _shape.InputChannels * TUnit.ValueBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTile(int row, int x, int* sums)
    {
        var (firstRow, endRow) = _shape.Rows.TapsInside(row % _shape.Rows.Output);
        var values = ValueAt(row, x);
        var pixel = (nint)_shape.InputChannels * TUnit.ValueBytes;
        var (rowStep, tapStep) = (pixel * _shape.Columns.Input * _shape.Rows.Dilation, pixel * _shape.Columns.Dilation);
        var stride = pixel * _shape.Columns.Stride;
        var (taps, channels) = (_shape.Columns.Kernel, _channels);
        fixed (int* weights = _weights, start = _start)
        {
            for (var c = 0; c < channels; c += TUnit.Lanes)
            {
                var s0 = TUnit.Load(start + c);
                var (s1, s2, s3) = (s0, s0, s0);
                var w = weights + ((long)firstRow * taps * channels) + c;
                for (var y = firstRow; y < endRow; y++)
                {
                    var p = values + (y * rowStep) + ((nint)c * TUnit.ValueBytes);
                    for (var tap = 0; tap < taps; tap++, p += tapStep, w += channels)
                    {
                        var weight = TUnit.Load(w);
                        s0 = TUnit.Add(s0, weight, TUnit.LoadValues(p));
                        s1 = TUnit.Add(s1, weight, TUnit.LoadValues(p + stride));
                        s2 = TUnit.Add(s2, weight, TUnit.LoadValues(p + (2 * stride)));
                        s3 = TUnit.Add(s3, weight, TUnit.LoadValues(p + (3 * stride)));
                    }
                }

                TUnit.Store(s0, sums + c);
                TUnit.Store(s1, sums + channels + c);
                TUnit.Store(s2, sums + (2 * channels) + c);
                TUnit.Store(s3, sums + (3 * channels) + c);
            }
        }

        for (var i = 0; i < Tile; i++)
            Finish(sums + (i * channels), (((long)row * _shape.Columns.Output) + x + i) * _shape.OutputChannels);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddOne(int row, int x, int* sums)
    {
        var (firstRow, endRow) = _shape.Rows.TapsInside(row % _shape.Rows.Output);
        var (firstTap, endTap) = _shape.Columns.TapsInside(x);
        var values = ValueAt(row, x);
        var pixel = (nint)_shape.InputChannels * TUnit.ValueBytes;
        var (rowStep, tapStep) = (pixel * _shape.Columns.Input * _shape.Rows.Dilation, pixel * _shape.Columns.Dilation);
        fixed (int* weights = _weights, start = _start)
        {
            for (var c = 0; c < _channels; c += TUnit.Lanes)
            {
                var sum = TUnit.Load(start + c);
                for (var y = firstRow; y < endRow; y++)
                {
                    var p = values + (y * rowStep) + (firstTap * tapStep) + ((nint)c * TUnit.ValueBytes);
                    var w = weights + ((((long)y * _shape.Columns.Kernel) + firstTap) * _channels) + c;
                    for (var tap = firstTap; tap < endTap; tap++, p += tapStep, w += _channels)
                        sum = TUnit.Add(sum, TUnit.Load(w), TUnit.LoadValues(p));
                }

                TUnit.Store(sum, sums + c);
            }
        }

        Finish(sums, (((long)row * _shape.Columns.Output) + x) * _shape.OutputChannels);
    }
}
