using System.Runtime.InteropServices;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Cuts a convolution's output into bands that fit the cache, each with a copy of the input that it sees, border included, in the form that is multiplied.
/// A band is a few output rows; where every window is a single position, side by side (1x1, stride 1), it is just some positions.
/// </summary>
internal sealed unsafe class ConvBands
{
    /// <summary>Positions that are computed together.</summary>
    public const int Tile = 6;

    // Half of a small first-level cache: the other half is for weights.
    private const int CacheBytes = 20 << 10;
    private const int MaxBytes = 1 << 27;

    // Bytes after the last value that a step may read.
    private const int Slack = 64;

    private readonly ConvShape _setup;
    private readonly bool _flat;
    private readonly int _valueBytes;
    private readonly int _width;

    // What bands are cut from: tiles of positions, or rows. No band has more than one unit more than another.
    private readonly int _units;
    private readonly int _bandsPerImage;

    /// <summary>Plans the bands.</summary>
    /// <param name="setup">The convolution.</param>
    /// <param name="valueBytes">Bytes of a value in the form that is multiplied.</param>
    /// <param name="threads">Threads that will share the bands.</param>
    public ConvBands(ConvShape setup, int valueBytes, int threads)
    {
        var (rows, columns, channels) = (setup.Rows, setup.Columns, setup.InputChannels);
        (_setup, _valueBytes) = (setup, valueBytes);
        _flat = IsPointwise(rows) && IsPointwise(columns);
        _width = ((columns.Output - 1) * columns.Stride) + columns.Span;
        if (_flat)
        {
            var positions = setup.Batches * rows.Output * columns.Output;
            var wanted = Math.Clamp(CacheBytes / (channels * valueBytes) / Tile, 2, 32);
            _units = (positions + Tile - 1) / Tile;
            Count = _bandsPerImage = BandsOf(wanted, threads);
            var most = Most * Tile;
            (Runs, RunLength) = ([0], channels);
            Windows = Enumerable.Range(0, most).Select(i => i * channels * valueBytes).ToArray();
            Bytes = ((long)most * channels * valueBytes) + Slack;
            return;
        }

        // The rows that two neighbouring bands both see are copied twice: a band should not be too low.
        var rowBytes = (long)_width * channels * valueBytes;
        var rowsInCache = (int)Math.Min(CacheBytes / rowBytes, rows.Input);
        var outputRows = Math.Clamp((rowsInCache - rows.Span) / rows.Stride, 1, 16);
        while (outputRows * columns.Output < 4 * Tile && outputRows < rows.Output)
            outputRows++;
        _units = rows.Output;
        _bandsPerImage = BandsOf(outputRows, threads);
        Count = _bandsPerImage * setup.Batches;
        var tapsPerRun = columns.Dilation == 1 ? columns.Kernel : 1;
        var runsPerRow = columns.Kernel / tapsPerRun;
        RunLength = tapsPerRun * channels;
        Runs = [.. Enumerable.Range(0, rows.Kernel * runsPerRow).Select(run => Offset(run / runsPerRow * rows.Dilation, run % runsPerRow * columns.Dilation))];
        var last = (Most * columns.Output) - 1;
        Windows = [.. Enumerable.Range(0, last + Tile).Select(i => Offset(Math.Min(i, last) / columns.Output * rows.Stride, Math.Min(i, last) % columns.Output * columns.Stride))];
        Bytes = ((((Most - 1) * rows.Stride) + rows.Span) * rowBytes) + Slack;

        int Offset(int y, int x) => (int)((y * rowBytes) + ((long)x * channels * valueBytes));
    }

    /// <summary>Bands of the whole batch.</summary>
    public int Count { get; }

    /// <summary>Memory for one band's values.</summary>
    public long Bytes { get; }

    /// <summary>Taps whose values lie side by side form a run: where each begins in a window, in bytes.</summary>
    public int[] Runs { get; }

    /// <summary>Values of a run.</summary>
    public int RunLength { get; }

    /// <summary>Where the window of each of a band's positions begins, in bytes; the last is repeated to fill a tile.</summary>
    public int[] Windows { get; }

    public Band this[int index]
    {
        get
        {
            var (rows, columns) = (_setup.Rows, _setup.Columns);
            if (_flat)
            {
                var positions = _setup.Batches * rows.Output * columns.Output;
                var first = FirstUnit(index) * Tile;
                return new Band(0, first, first, Math.Min(FirstUnit(index + 1) * Tile, positions) - first);
            }

            var (batch, band) = Math.DivRem(index, _bandsPerImage);
            var y = FirstUnit(band);
            return new Band(batch, y, ((batch * rows.Output) + y) * columns.Output, (FirstUnit(band + 1) - y) * columns.Output);
        }
    }

    // Units of the largest band.
    private int Most => (_units + _bandsPerImage - 1) / _bandsPerImage;

    private int FirstUnit(int band) => (int)((long)band * _units / _bandsPerImage);

    // As many bands as keep within the units wanted, and as many for each thread as for any other.
    private int BandsOf(int wanted, int threads)
    {
        var bands = (_units + wanted - 1) / wanted;
        return Math.Min(_units, (bands + threads - 1) / threads * threads);
    }

    /// <summary>Whether the copies stay small enough. Hostile windows reach so far that 64 bits do not hold the product.</summary>
    public static bool AreReasonable(ConvShape setup)
    {
        var width = ((Int128)(setup.Columns.Output - 1) * setup.Columns.Stride) + setup.Columns.Span;
        var height = ((Int128)(setup.Rows.Output - 1) * setup.Rows.Stride) + setup.Rows.Span;
        return width * height * setup.InputChannels * sizeof(int) <= MaxBytes;
    }

    /// <summary>Copies what a band sees.</summary>
    public void Fill<TUnit, TVector>(Band band, sbyte* input, byte* values, int zeroPoint)
        where TUnit : struct, IDotUnit<TVector>
        where TVector : struct
    {
        var (rows, columns, channels) = (_setup.Rows, _setup.Columns, _setup.InputChannels);
        if (_flat)
        {
            CodeForms.Widen(TUnit.Depth, TUnit.Offset, input + ((long)band.First * channels), values, band.Positions * channels);
            return;
        }

        var height = (((band.Positions / columns.Output) - 1) * rows.Stride) + rows.Span;
        var (before, rowLength) = (columns.Before * channels, _width * channels);
        var inside = Math.Min(columns.Input, _width - columns.Before) * channels;
        for (var y = 0; y < height; y++, values += (long)rowLength * _valueBytes)
        {
            var row = rows.Start(band.First) + y;
            if (row < 0 || row >= rows.Input)
            {
                CodeForms.Fill(TUnit.Depth, TUnit.Offset, zeroPoint, values, rowLength);
                continue;
            }

            var source = input + ((((long)band.Batch * rows.Input) + row) * columns.Input * channels);
            CodeForms.Fill(TUnit.Depth, TUnit.Offset, zeroPoint, values, before);
            CodeForms.Widen(TUnit.Depth, TUnit.Offset, source, values + ((long)before * _valueBytes), inside);
            CodeForms.Fill(TUnit.Depth, TUnit.Offset, zeroPoint, values + ((long)(before + inside) * _valueBytes), rowLength - before - inside);
        }
    }

    /// <summary>The same where values are the elements themselves and the border is zeros.</summary>
    public void Copy(Band band, byte* input, byte* values)
    {
        var (rows, columns, pixel) = (_setup.Rows, _setup.Columns, (long)_setup.InputChannels * _valueBytes);
        if (_flat)
        {
            NativeMemory.Copy(input + (band.First * pixel), values, (nuint)(band.Positions * pixel));
            return;
        }

        var height = (((band.Positions / columns.Output) - 1) * rows.Stride) + rows.Span;
        var (before, rowLength) = (columns.Before * pixel, _width * pixel);
        var inside = Math.Min(columns.Input, _width - columns.Before) * pixel;
        for (var y = 0; y < height; y++, values += rowLength)
        {
            var row = rows.Start(band.First) + y;
            if (row < 0 || row >= rows.Input)
            {
                NativeMemory.Clear(values, (nuint)rowLength);
                continue;
            }

            NativeMemory.Clear(values, (nuint)before);
            NativeMemory.Copy(input + ((((long)band.Batch * rows.Input) + row) * columns.Input * pixel), values + before, (nuint)inside);
            NativeMemory.Clear(values + before + inside, (nuint)(rowLength - before - inside));
        }
    }

    private static bool IsPointwise(Window window) => window is { Kernel: 1, Stride: 1, Before: 0 } && window.Input == window.Output;

    /// <summary>One band.</summary>
    /// <param name="Batch">Image.</param>
    /// <param name="First">First output row, or position where the image is taken flat.</param>
    /// <param name="FirstOutput">First output position in the whole batch.</param>
    /// <param name="Positions">Output positions.</param>
    internal readonly record struct Band(int Batch, int First, int FirstOutput, int Positions);
}
