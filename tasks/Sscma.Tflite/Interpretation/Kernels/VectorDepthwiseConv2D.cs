using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// The sums of <see cref="DepthwiseConv2D{T}"/> for one output channel per input channel. The rows of a window are interleaved first, so that a lane holds the
/// codes of one channel from several rows, one above the other; each such column then serves every window that it lies in. The zero point's share
/// of a sum is a constant, as in <see cref="VectorConv2D{TUnit, TVector}"/>.
/// </summary>
internal sealed unsafe class VectorDepthwiseConv2D<TUnit, TVector> : IKernel, IParts
    where TUnit : struct, IDotUnit<TVector>
    where TVector : struct
{
    private const int Tile = 4;

    // Of one thread, roughly.
    private const double MultiplyAddsPerNanosecond = 12;
    private const int CacheBytes = 24 << 10;

    private readonly ConvSetup _setup;
    private readonly Workspace _workspace;
    private readonly Cut _cut;
    private readonly Requantizer _requantizer;

    // Rows are taken TUnit.Depth at a time.
    private readonly int _rowGroups;

    // Columns of the image with its border, and channels of a slice: so many that a slice of a row fits the cache.
    private readonly int _width;
    private readonly int _slice;

    // For each slice and channel a starting sum; for each slice, column tap and row group a lane of weights for each channel.
    private readonly int[] _bias;
    private readonly int[] _weights;

    // A row of zero points stands in for rows outside of the image.
    private readonly sbyte[] _border;

    public VectorDepthwiseConv2D(ConvSetup setup, Workspace workspace)
    {
        (_setup, _workspace) = (setup, workspace);
        _requantizer = new Requantizer(setup.Multipliers, setup.OutputZero, setup.Range);
        _cut = new Cut(setup.Batches * setup.Rows.Output, setup.MultiplyAdds / MultiplyAddsPerNanosecond, workspace.Crew);
        _rowGroups = (setup.Rows.Kernel + TUnit.Depth - 1) / TUnit.Depth;
        _width = ((setup.Columns.Output - 1) * setup.Columns.Stride) + setup.Columns.Span;
        var allChannels = Up(setup.OutputChannels);
        _slice = (int)Math.Clamp(CacheBytes / ((long)_width * _rowGroups * sizeof(int)) / CodeForms.Step * CodeForms.Step, 2 * CodeForms.Step, Math.Max(allChannels, 2 * CodeForms.Step));
        _slice = Math.Min(_slice, allChannels);
        workspace.Reserve(((((long)_width + Tile) * _rowGroups) + Tile) * _slice * sizeof(int));

        var slices = (setup.OutputChannels + _slice - 1) / _slice;
        _bias = GC.AllocateArray<int>(slices * _slice, pinned: true);
        _weights = GC.AllocateArray<int>(slices * _slice * setup.Columns.Kernel * _rowGroups, pinned: true);
        _border = GC.AllocateArray<sbyte>((setup.Columns.Input * setup.InputChannels) + Operand.Slack, pinned: true);
        _border.AsSpan().Fill((sbyte)setup.InputZero);
        Pack();
    }

    public void Run() => _cut.Run(this);

    public void RunPart(int part, int worker)
    {
        var (first, end) = _cut[part];
        for (var row = first; row < end; row++)
            RunRow(row, worker);
    }

    private void RunRow(int index, int worker)
    {
        var (batch, y) = Math.DivRem(index, _setup.Rows.Output);
        var rows = stackalloc sbyte*[_rowGroups * TUnit.Depth];
        var border = (sbyte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_border));
        var rowLength = (long)_setup.Columns.Input * _setup.InputChannels;
        for (var k = 0; k < _rowGroups * TUnit.Depth; k++)
        {
            var row = _setup.Rows.Start(y) + (k * _setup.Rows.Dilation);
            var isInside = k < _setup.Rows.Kernel && row >= 0 && row < _setup.Rows.Input;
            rows[k] = isInside ? _setup.Input.Pointer + ((((long)batch * _setup.Rows.Input) + row) * rowLength) : border;
        }

        var columns = (int*)_workspace.Of(worker);
        var output = _setup.Output.Pointer + ((long)index * _setup.Columns.Output * _setup.OutputChannels);
        for (var channel = 0; channel < _setup.OutputChannels; channel += _slice)
        {
            Interleave(rows, channel, columns);
            Compute(channel, columns, output + channel);
        }
    }

    private static int Up(int channels) => (channels + CodeForms.Step - 1) / CodeForms.Step * CodeForms.Step;

    private void Pack()
    {
        var source = _setup.Weights.Int8;
        var (kernelY, kernelX, channels) = (_setup.Rows.Kernel, _setup.Columns.Kernel, _setup.OutputChannels);
        Span<sbyte> lane = stackalloc sbyte[4];
        for (var channel = 0; channel < channels; channel++)
        {
            var (slice, inSlice) = Math.DivRem(channel, _slice);
            var sum = 0;
            for (var x = 0; x < kernelX; x++)
            {
                for (var group = 0; group < _rowGroups; group++)
                {
                    for (var k = 0; k < TUnit.Depth; k++)
                    {
                        var y = (group * TUnit.Depth) + k;
                        lane[k] = y < kernelY ? source[(((y * kernelX) + x) * channels) + channel] : (sbyte)0;
                        sum += lane[k];
                    }

                    _weights[(((((slice * kernelX) + x) * _rowGroups) + group) * _slice) + inSlice] = CodeForms.Pack(TUnit.Depth, lane);
                }
            }

            _bias[channel] = _setup.Bias[channel] - ((_setup.InputZero + TUnit.Offset) * sum);
        }
    }

    // Column by column and row group by row group a lane for each channel of the slice.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Interleave(sbyte** rows, int channel, int* columns)
    {
        var channels = _setup.InputChannels;
        var count = Math.Min(_slice, channels - channel);
        var before = _setup.Columns.Before;
        var inside = Math.Min(_setup.Columns.Input, _width - before);
        var step = _rowGroups * _slice;
        var zero = (sbyte)_setup.InputZero;
        var border = CodeForms.Pack(TUnit.Depth, [(sbyte)(zero + TUnit.Offset), (sbyte)(zero + TUnit.Offset), (sbyte)(zero + TUnit.Offset), (sbyte)(zero + TUnit.Offset)]);
        new Span<int>(columns, before * step).Fill(border);
        new Span<int>(columns + ((before + inside) * step), (_width - before - inside) * step).Fill(border);

        var to = columns + (before * step);
        if (_rowGroups == 1 && _slice == channels)
        {
            // The slice is the whole row: columns follow one another in both.
            CodeForms.Interleave(TUnit.Depth, TUnit.Offset, rows, 0, (byte*)to, inside * channels);
            return;
        }

        for (var x = 0; x < inside; x++)
        {
            for (var group = 0; group < _rowGroups; group++, to += _slice)
                CodeForms.Interleave(TUnit.Depth, TUnit.Offset, rows + (group * TUnit.Depth), (x * channels) + channel, (byte*)to, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compute(int channel, int* columns, sbyte* output)
    {
        var (step, taps) = (_rowGroups * _slice, _setup.Columns.Kernel);
        var sums = columns + (((long)_width + Tile) * step);
        var count = Math.Min(_slice, _setup.OutputChannels - channel);
        var (stride, dilation) = ((long)_setup.Columns.Stride * step, (long)_setup.Columns.Dilation * step);
        fixed (int* bias = &_bias[channel], weights = &_weights[(long)channel * taps * _rowGroups])
        {
            for (var x = 0; x < _setup.Columns.Output; x += Tile)
            {
                // Beyond the last position the sums are of no use and not stored; the column of position 0 is there in any case.
                var positions = Math.Min(Tile, _setup.Columns.Output - x);
                var p0 = columns + (x * stride);
                var p1 = positions > 1 ? p0 + stride : p0;
                var p2 = positions > 2 ? p1 + stride : p0;
                var p3 = positions > 3 ? p2 + stride : p0;
                for (var c = 0; c < count; c += TUnit.Lanes)
                {
                    var s0 = TUnit.Load(bias + c);
                    var (s1, s2, s3) = (s0, s0, s0);
                    var w = weights + c;
                    for (var tap = 0; tap < taps; tap++)
                    {
                        var at = (tap * dilation) + c;
                        for (var group = 0; group < _rowGroups; group++, w += _slice, at += _slice)
                        {
                            var weight = TUnit.Load(w);
                            s0 = TUnit.Add(s0, weight, TUnit.Load(p0 + at));
                            s1 = TUnit.Add(s1, weight, TUnit.Load(p1 + at));
                            s2 = TUnit.Add(s2, weight, TUnit.Load(p2 + at));
                            s3 = TUnit.Add(s3, weight, TUnit.Load(p3 + at));
                        }
                    }

                    TUnit.Store(s0, sums + c);
                    TUnit.Store(s1, sums + _slice + c);
                    TUnit.Store(s2, sums + (2 * _slice) + c);
                    TUnit.Store(s3, sums + (3 * _slice) + c);
                }

                for (var i = 0; i < positions; i++)
                    _requantizer.Apply(sums + (i * _slice), channel, count, output + ((long)(x + i) * _setup.OutputChannels));
            }
        }
    }
}
