using System.Runtime.CompilerServices;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// The sums of <see cref="Conv2D{T}"/> and <see cref="FullyConnected{T}"/> in another order: six output positions times two vectors of output channels stay in
/// registers while the window's values pass by. The zero point's share of a sum is a constant of the channel, because the border holds the zero point:
/// sum((x - z) * w) = sum(x * w) - z * sum(w), with all taps in both. Integers wrap the same in any order, so the bytes are equal.
/// </summary>
internal sealed unsafe class VectorConv2D<TUnit, TVector> : IKernel, IParts
    where TUnit : struct, IDotUnit<TVector>
    where TVector : struct
{
    private const int Tile = ConvBands.Tile;

    // Of one thread, roughly.
    private const double MultiplyAddsPerNanosecond = 60;

    // Below so many tiles for each thread an uneven number of them is felt.
    private const int FewTiles = 8;

    private readonly ConvSetup _setup;
    private readonly Workspace _workspace;
    private readonly ConvBands _bands;
    private readonly Requantizer _requantizer;
    private readonly int _panels;
    private readonly int _shares;
    private readonly int[] _runs;

    // Steps of one run, each of TUnit.Depth values.
    private readonly int _steps;

    // Of each panel (two vectors of channels): its starting sums, then the weights by run and step. Beyond the channels and the runs stand zeros.
    private readonly int[] _bias;
    private readonly int[] _weights;

    public VectorConv2D(ConvSetup setup, Workspace workspace)
    {
        (_setup, _workspace) = (setup, workspace);
        _panels = (setup.OutputChannels + PanelWidth - 1) / PanelWidth;
        var threads = Cut.IsWorthSharing(setup.MultiplyAdds / MultiplyAddsPerNanosecond, workspace.Crew.Size) ? workspace.Crew.Size : 1;
        _shares = SharesChannels(setup, threads, _panels) ? threads : 1;
        _bands = new ConvBands(setup, 4 / TUnit.Depth, _shares == 1 ? threads : 1);
        workspace.Reserve(_bands.Bytes);
        _requantizer = new Requantizer(setup.Multipliers, setup.OutputZero, setup.Range);
        _runs = _bands.Runs;
        _steps = (_bands.RunLength + TUnit.Depth - 1) / TUnit.Depth;
        _bias = GC.AllocateArray<int>(_panels * PanelWidth, pinned: true);
        _weights = GC.AllocateArray<int>(_panels * PanelWidth * _runs.Length * _steps, pinned: true);
        Pack();
    }

    private static int PanelWidth => 2 * TUnit.Lanes;

    public void Run() => _workspace.Crew.Run(_bands.Count * _shares, this);

    // A part is a band, and of its channels a share.
    public void RunPart(int part, int worker)
    {
        var values = _workspace.Of(worker);
        var (share, index) = Math.DivRem(part, _bands.Count);
        var band = _bands[index];
        _bands.Fill<TUnit, TVector>(band, _setup.Input.Pointer, values, _setup.InputZero);
        var output = _setup.Output.Pointer + ((long)band.FirstOutput * _setup.OutputChannels);
        var sums = stackalloc int[Tile * 32];
        fixed (int* bias = _bias, weights = _weights, windows = _bands.Windows, runs = _runs)
        {
            var panelWeights = (long)PanelWidth * _runs.Length * _steps;
            for (var panel = share * _panels / _shares; panel < (share + 1) * _panels / _shares; panel++)
            {
                var channel = panel * PanelWidth;
                var count = Math.Min(PanelWidth, _setup.OutputChannels - channel);
                for (var first = 0; first < band.Positions; first += Tile)
                {
                    if (count > TUnit.Lanes)
                        AddTwo(sums, bias + channel, values, windows + first, runs, weights + (panel * panelWeights));
                    else
                        AddOne(sums, bias + channel, values, windows + first, runs, weights + (panel * panelWeights));
                    var target = output + ((long)first * _setup.OutputChannels) + channel;
                    for (var i = 0; i < Math.Min(Tile, band.Positions - first); i++, target += _setup.OutputChannels)
                        _requantizer.Apply(sums + (i * PanelWidth), channel, count, target);
                }
            }
        }
    }

    // Threads usually share the positions. Of few positions each thread would read all weights, and tiles do not divide evenly: there they share the
    // channels, if these divide better.
    private static bool SharesChannels(ConvSetup setup, int threads, int panels)
    {
        var positions = (long)setup.Batches * setup.Rows.Output * setup.Columns.Output;
        return threads > 1 && positions < FewTiles * Tile * threads && panels >= threads && (panels % threads == 0 || panels >= FewTiles * threads);
    }

    private void Pack()
    {
        var source = _setup.Weights.Int8;
        var filter = _runs.Length * _bands.RunLength;
        for (var channel = 0; channel < _setup.OutputChannels; channel++)
        {
            var sum = 0;
            foreach (var weight in source.Slice(channel * filter, filter))
                sum += weight;
            _bias[channel] = _setup.Bias[channel] - ((_setup.InputZero + TUnit.Offset) * sum);

            var (panel, lane) = Math.DivRem(channel, PanelWidth);
            var at = (panel * PanelWidth * _runs.Length * _steps) + lane;
            for (var run = 0; run < _runs.Length; run++)
            {
                var weights = source.Slice((channel * filter) + (run * _bands.RunLength), _bands.RunLength);
                for (var k = 0; k < weights.Length; k += TUnit.Depth, at += PanelWidth)
                    _weights[at] = CodeForms.Pack(TUnit.Depth, weights[k..]);
            }
        }
    }

    // Nearly the whole time goes here. Written out so that the twelve sums stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTwo(int* sums, int* bias, byte* values, int* windows, int* runs, int* weights)
    {
        var lanes = TUnit.Lanes;
        var (a0, b0) = (TUnit.Load(bias), TUnit.Load(bias + lanes));
        var (a1, a2, a3, a4, a5) = (a0, a0, a0, a0, a0);
        var (b1, b2, b3, b4, b5) = (b0, b0, b0, b0, b0);
        for (var run = 0; run < _runs.Length; run++)
        {
            var start = values + runs[run];
            var p0 = start + windows[0];
            var p1 = start + windows[1];
            var p2 = start + windows[2];
            var p3 = start + windows[3];
            var p4 = start + windows[4];
            var p5 = start + windows[5];
            var length = (nint)_steps * 4;
            for (nint k = 0; k < length; k += 4, weights += 2 * lanes)
            {
                var (w, v) = (TUnit.Load(weights), TUnit.Load(weights + lanes));
                var x = TUnit.Repeat((int*)(p0 + k));
                (a0, b0) = (TUnit.Add(a0, w, x), TUnit.Add(b0, v, x));
                x = TUnit.Repeat((int*)(p1 + k));
                (a1, b1) = (TUnit.Add(a1, w, x), TUnit.Add(b1, v, x));
                x = TUnit.Repeat((int*)(p2 + k));
                (a2, b2) = (TUnit.Add(a2, w, x), TUnit.Add(b2, v, x));
                x = TUnit.Repeat((int*)(p3 + k));
                (a3, b3) = (TUnit.Add(a3, w, x), TUnit.Add(b3, v, x));
                x = TUnit.Repeat((int*)(p4 + k));
                (a4, b4) = (TUnit.Add(a4, w, x), TUnit.Add(b4, v, x));
                x = TUnit.Repeat((int*)(p5 + k));
                (a5, b5) = (TUnit.Add(a5, w, x), TUnit.Add(b5, v, x));
            }
        }

        StoreTwo(sums, a0, b0);
        StoreTwo(sums + (2 * lanes), a1, b1);
        StoreTwo(sums + (4 * lanes), a2, b2);
        StoreTwo(sums + (6 * lanes), a3, b3);
        StoreTwo(sums + (8 * lanes), a4, b4);
        StoreTwo(sums + (10 * lanes), a5, b5);
    }

    // The last panel when its second vector would be empty.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddOne(int* sums, int* bias, byte* values, int* windows, int* runs, int* weights)
    {
        var lanes = TUnit.Lanes;
        var a0 = TUnit.Load(bias);
        var (a1, a2, a3, a4, a5) = (a0, a0, a0, a0, a0);
        for (var run = 0; run < _runs.Length; run++)
        {
            var start = values + runs[run];
            var p0 = start + windows[0];
            var p1 = start + windows[1];
            var p2 = start + windows[2];
            var p3 = start + windows[3];
            var p4 = start + windows[4];
            var p5 = start + windows[5];
            var length = (nint)_steps * 4;
            for (nint k = 0; k < length; k += 4, weights += 2 * lanes)
            {
                var w = TUnit.Load(weights);
                a0 = TUnit.Add(a0, w, TUnit.Repeat((int*)(p0 + k)));
                a1 = TUnit.Add(a1, w, TUnit.Repeat((int*)(p1 + k)));
                a2 = TUnit.Add(a2, w, TUnit.Repeat((int*)(p2 + k)));
                a3 = TUnit.Add(a3, w, TUnit.Repeat((int*)(p3 + k)));
                a4 = TUnit.Add(a4, w, TUnit.Repeat((int*)(p4 + k)));
                a5 = TUnit.Add(a5, w, TUnit.Repeat((int*)(p5 + k)));
            }
        }

        TUnit.Store(a0, sums);
        TUnit.Store(a1, sums + (2 * lanes));
        TUnit.Store(a2, sums + (4 * lanes));
        TUnit.Store(a3, sums + (6 * lanes));
        TUnit.Store(a4, sums + (8 * lanes));
        TUnit.Store(a5, sums + (10 * lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTwo(int* sums, TVector a, TVector b)
    {
        TUnit.Store(a, sums);
        TUnit.Store(b, sums + TUnit.Lanes);
    }
}
