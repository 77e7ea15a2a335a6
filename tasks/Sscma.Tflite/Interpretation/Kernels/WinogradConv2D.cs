using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// A dense 3x3 convolution of stride 1 of int8 codes by <see cref="WinogradTransforms"/>: a quarter of the products of <see cref="VectorConv2D{TUnit, TVector}"/>, and
/// the very same sums, for no fraction is rounded anywhere. The zero point's share of a sum is a constant of the channel, as there.
/// </summary>
internal sealed unsafe class WinogradConv2D<TUnit, TVector> : IKernel, IParts
    where TUnit : struct, IDotUnit<TVector>
    where TVector : struct
{
    private const int Places = WinogradTransforms.Places;
    private const int Tile = ConvBands.Tile;

    private readonly ConvSetup _setup;
    private readonly Workspace _workspace;
    private readonly Requantizer _requantizer;
    private readonly DotPanels<TUnit, TVector> _panels;

    // Tiles of an image, and of the whole batch.
    private readonly int _tilesAcross;
    private readonly int _tilesDown;
    private readonly int _tiles;

    // Values from tile to tile, from place to place.
    private readonly int _channels;
    private readonly int _placeStep;
    private readonly int[] _windows;

    // What is added to the sums of each channel in the end; the sums themselves start with zeros.
    private readonly int[] _start;
    private readonly int[] _zeros;

    // A pixel of zero points stands in for those outside of the image.
    private readonly sbyte[] _border;

    public WinogradConv2D(ConvSetup setup, Workspace workspace)
    {
        (_setup, _workspace) = (setup, workspace);
        _requantizer = new Requantizer(setup.Multipliers, setup.OutputZero, setup.Range);
        (_tilesDown, _tilesAcross) = (WinogradChoice.Tiles(setup.Rows), WinogradChoice.Tiles(setup.Columns));
        _tiles = setup.Batches * _tilesDown * _tilesAcross;
        _channels = WinogradTransforms.Up(setup.InputChannels);
        _placeStep = Tile * _channels;
        _windows = GC.AllocateArray<int>(Tile, pinned: true);
        for (var i = 0; i < Tile; i++)
            _windows[i] = i * _channels * sizeof(short);
        var steps = DotPanels<TUnit, TVector>.StepsOf(setup.InputChannels);
        _panels = new DotPanels<TUnit, TVector>(
            [.. Enumerable.Range(0, Places).Select(place => place * _placeStep * sizeof(short))], steps, setup.OutputChannels,
            [.. Enumerable.Range(0, Places).Select(place => new ConvSection(place, 1, 0, steps))], Pack);
        _start = GC.AllocateArray<int>((_panels.Count * Width) + Requantizer.Group, pinned: true);
        _zeros = GC.AllocateArray<int>(Width, pinned: true);
        for (var channel = 0; channel < setup.OutputChannels; channel++)
            _start[channel] = setup.Bias[channel] - (setup.InputZero * SumOfWeights(channel));
        _border = GC.AllocateArray<sbyte>(setup.InputChannels + Operand.Slack, pinned: true);
        _border.AsSpan().Fill((sbyte)setup.InputZero);
        workspace.Reserve(OutputsAt + ((((long)WinogradTransforms.Outputs * WinogradTransforms.Outputs * Width) + Requantizer.Group) * sizeof(int)));
    }

    // Output channels of a panel.
    private static int Width => DotPanels<TUnit, TVector>.Width;

    // The scratch memory holds one after the other: a tile on its way, values, sums, outputs.
    private const long ValuesAt = WinogradTransforms.ScratchBytes;

    private long SumsAt => ValuesAt + ((long)Places * _placeStep * sizeof(short));

    private long OutputsAt => SumsAt + ((long)Places * Tile * Width * sizeof(int));

    public void Run() => _workspace.Crew.Run((_tiles + Tile - 1) / Tile, this);

    public void RunPart(int part, int worker)
    {
        var scratch = _workspace.Of(worker);
        var values = scratch + ValuesAt;
        var sums = (int*)(scratch + SumsAt);
        var first = part * Tile;
        var count = Math.Min(Tile, _tiles - first);
        for (var i = 0; i < count; i++)
            Spread(first + i, scratch, (short*)values + (i * _channels));
        fixed (int* windows = _windows, zeros = _zeros)
        {
            for (var panel = 0; panel < _panels.Count; panel++)
            {
                var single = _setup.OutputChannels - (panel * Width) <= TUnit.Lanes;
                for (var place = 0; place < Places; place++)
                    _panels.Add(panel, place, zeros, values, windows, sums + (place * Tile * Width), single);
                for (var i = 0; i < count; i++)
                    Gather(first + i, panel, sums + (i * Width), scratch);
            }
        }
    }

    private (int Batch, int Y, int X) Place(int tile)
    {
        var (row, x) = Math.DivRem(tile, _tilesAcross);
        var (batch, y) = Math.DivRem(row, _tilesDown);
        return (batch, y * WinogradTransforms.Outputs, x * WinogradTransforms.Outputs);
    }

    private void Spread(int tile, byte* scratch, short* to)
    {
        var (batch, outputY, outputX) = Place(tile);
        var (top, left) = (_setup.Rows.Start(outputY), _setup.Columns.Start(outputX));
        var (height, width, channels) = (_setup.Rows.Input, _setup.Columns.Input, _setup.InputChannels);
        var image = _setup.Input.Pointer + ((long)batch * height * width * channels);
        var border = (sbyte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_border));
        var pixels = stackalloc sbyte*[Places];
        for (var y = 0; y < WinogradTransforms.Inputs; y++)
        {
            var row = top + y;
            var isInside = (uint)row < (uint)height;
            for (var x = 0; x < WinogradTransforms.Inputs; x++)
                pixels[(y * WinogradTransforms.Inputs) + x] = isInside && (uint)(left + x) < (uint)width ? image + ((((long)row * width) + left + x) * channels) : border;
        }

        WinogradTransforms.OfInputs(pixels, channels, scratch, to, _placeStep);
    }

    private void Gather(int tile, int panel, int* sums, byte* scratch)
    {
        var channel = panel * Width;
        var count = Math.Min(Width, _setup.OutputChannels - channel);
        var outputs = (int*)(scratch + OutputsAt);
        fixed (int* start = &_start[channel])
            WinogradTransforms.ToOutputs(sums, Tile * Width, count <= TUnit.Lanes ? TUnit.Lanes : Width, start, scratch, outputs, Width);
        var (batch, top, left) = Place(tile);
        var (height, width) = (_setup.Rows.Output, _setup.Columns.Output);
        var (endY, endX) = (Math.Min(WinogradTransforms.Outputs, height - top), Math.Min(WinogradTransforms.Outputs, width - left));
        for (var y = 0; y < endY; y++)
        {
            var target = _setup.Output.Pointer + ((((((long)batch * height) + top + y) * width) + left) * _setup.OutputChannels) + channel;
            _requantizer.Apply(outputs + (y * WinogradTransforms.Outputs * Width), Width, channel, count, endX, target, _setup.OutputChannels);
        }
    }

    private ReadOnlySpan<sbyte> WeightsOf(int channel) => _setup.Weights.Int8.Slice(channel * 9 * _setup.InputChannels, 9 * _setup.InputChannels);

    private int SumOfWeights(int channel)
    {
        var sum = 0;
        foreach (var weight in WeightsOf(channel))
            sum += weight;
        return sum;
    }

    // A lane is two values of 16 bits.
    private void Pack(int channel, int place, Span<int> lanes)
    {
        lanes.Clear();
        var values = MemoryMarshal.Cast<int, short>(lanes);
        for (var tap = 0; tap < 9; tap++)
        {
            var factor = WinogradTransforms.WeightFactor(place, tap);
            if (factor != 0)
                AddScaled(WeightsOf(channel).Slice(tap * _setup.InputChannels, _setup.InputChannels), (short)factor, values);
        }
    }

    private static void AddScaled(ReadOnlySpan<sbyte> weights, short factor, Span<short> values)
    {
        var c = 0;
        for (; c <= weights.Length - Vector<sbyte>.Count; c += Vector<sbyte>.Count)
        {
            Vector.Widen(new Vector<sbyte>(weights[c..]), out var low, out var high);
            (new Vector<short>(values[c..]) + (low * factor)).CopyTo(values[c..]);
            (new Vector<short>(values[(c + Vector<short>.Count)..]) + (high * factor)).CopyTo(values[(c + Vector<short>.Count)..]);
        }

        for (; c < weights.Length; c++)
            values[c] += (short)(weights[c] * factor);
    }
}
