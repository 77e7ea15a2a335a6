using System.Runtime.CompilerServices;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// The weights of a convolution in the order in which they are multiplied, and the multiplication: six output positions times two vectors of output channels
/// (a panel) stay in registers while the values of their windows pass by.
/// </summary>
internal sealed unsafe class DotPanels<TUnit, TVector>
    where TUnit : struct, IDotUnit<TVector>
    where TVector : struct
{
    /// <summary>Positions that are computed together.</summary>
    public const int Tile = ConvBands.Tile;

    // Bytes of a step's values, whatever its depth.
    private const int StepBytes = sizeof(int);

    private readonly ConvSection[] _sections;

    // Of each section in turn: where the values of its runs begin; its first place among these; where its weights begin within a panel.
    private readonly int[] _runs;
    private readonly int[] _firstRuns;
    private readonly int[] _offsets;

    // By panel, section, run and step a lane for each channel. Beyond the channels and the runs stand zeros.
    private readonly int[] _weights;
    private readonly long _panelWeights;

    /// <summary>Packs.</summary>
    /// <param name="runs">Where the values of each run begin in a window, in bytes.</param>
    /// <param name="steps">Steps of a run.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="sections">What is added up at once; together they are all runs and steps.</param>
    /// <param name="pack">Fills the lanes of a channel's run, one for each step.</param>
    public DotPanels(int[] runs, int steps, int channels, ConvSection[] sections, Packing pack)
    {
        _sections = sections;
        Count = (channels + Width - 1) / Width;
        _runs = [.. sections.SelectMany(section => Enumerable.Range(section.FirstRun, section.Runs).Select(run => runs[run] + (section.FirstStep * StepBytes)))];
        (_firstRuns, _offsets) = (new int[sections.Length], new int[sections.Length]);
        for (var i = 0; i < sections.Length; i++)
        {
            _firstRuns[i] = i == 0 ? 0 : _firstRuns[i - 1] + sections[i - 1].Runs;
            _offsets[i] = checked((int)_panelWeights);
            _panelWeights += (long)sections[i].Runs * sections[i].Steps * Width;
        }

        _weights = GC.AllocateArray<int>(checked((int)(Count * _panelWeights)), pinned: true);
        var lanes = new int[steps];
        for (var channel = 0; channel < channels; channel++)
        {
            for (var run = 0; run < runs.Length; run++)
            {
                pack(channel, run, lanes);
                for (var i = 0; i < sections.Length; i++)
                    Place(channel, run, i, lanes);
            }
        }
    }

    /// <summary>Gives the weights of one run of one output channel, packed as the unit multiplies them.</summary>
    public delegate void Packing(int channel, int run, Span<int> lanes);

    /// <summary>Output channels of a panel.</summary>
    public static int Width => 2 * TUnit.Lanes;

    /// <summary>Panels.</summary>
    public int Count { get; }

    /// <summary>Sections.</summary>
    public int Sections => _sections.Length;

    /// <summary>Steps for so many values.</summary>
    public static int StepsOf(int values) => (values + TUnit.Depth - 1) / TUnit.Depth;

    /// <summary>Adds up a section for a panel's channels and six positions.</summary>
    /// <param name="panel">Which channels.</param>
    /// <param name="section">Which runs and steps.</param>
    /// <param name="start">Starting sums of the panel's channels.</param>
    /// <param name="values">What the band sees.</param>
    /// <param name="windows">Where the windows of the positions begin.</param>
    /// <param name="sums">Takes the sums: for each position <see cref="Width"/> of them.</param>
    /// <param name="single">Whether the panel's second vector is empty: it is left out.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int panel, int section, int* start, byte* values, int* windows, int* sums, bool single)
    {
        var (runs, length) = (_sections[section].Runs, (nint)_sections[section].Steps * StepBytes);
        fixed (int* run = &_runs[_firstRuns[section]], weights = &_weights[(panel * _panelWeights) + _offsets[section]])
        {
            if (single)
                AddOne(sums, start, values, windows, run, runs, length, weights);
            else
                AddTwo(sums, start, values, windows, run, runs, length, weights);
        }
    }

    private void Place(int channel, int run, int index, ReadOnlySpan<int> lanes)
    {
        var section = _sections[index];
        if (run < section.FirstRun || run >= section.FirstRun + section.Runs)
            return;
        var (panel, lane) = Math.DivRem(channel, Width);
        var at = (panel * _panelWeights) + _offsets[index] + ((long)(run - section.FirstRun) * section.Steps * Width) + lane;
        for (var step = 0; step < section.Steps; step++, at += Width)
            _weights[at] = lanes[section.FirstStep + step];
    }

    // Nearly the whole time goes here. Written out so that the twelve sums stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTwo(int* sums, int* start, byte* values, int* windows, int* runs, int runCount, nint length, int* weights)
    {
        var lanes = TUnit.Lanes;
        var (a0, b0) = (TUnit.Load(start), TUnit.Load(start + lanes));
        var (a1, a2, a3, a4, a5) = (a0, a0, a0, a0, a0);
        var (b1, b2, b3, b4, b5) = (b0, b0, b0, b0, b0);
        for (var run = 0; run < runCount; run++)
        {
            var at = values + runs[run];
            var p0 = at + windows[0];
            var p1 = at + windows[1];
            var p2 = at + windows[2];
            var p3 = at + windows[3];
            var p4 = at + windows[4];
            var p5 = at + windows[5];
            for (nint k = 0; k < length; k += StepBytes, weights += 2 * lanes)
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
    private static void AddOne(int* sums, int* start, byte* values, int* windows, int* runs, int runCount, nint length, int* weights)
    {
        var lanes = TUnit.Lanes;
        var a0 = TUnit.Load(start);
        var (a1, a2, a3, a4, a5) = (a0, a0, a0, a0, a0);
        for (var run = 0; run < runCount; run++)
        {
            var at = values + runs[run];
            var p0 = at + windows[0];
            var p1 = at + windows[1];
            var p2 = at + windows[2];
            var p3 = at + windows[3];
            var p4 = at + windows[4];
            var p5 = at + windows[5];
            for (nint k = 0; k < length; k += StepBytes, weights += 2 * lanes)
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
