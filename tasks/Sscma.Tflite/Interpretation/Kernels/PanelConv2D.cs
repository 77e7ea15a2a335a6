using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// A dense convolution or matrix product by <see cref="DotPanels{TUnit, TVector}"/>: threads share the bands, or of few positions the channels. What values look
/// like and what becomes of sums is the derived class's.
/// </summary>
internal abstract unsafe class PanelConv2D<TUnit, TVector> : IKernel, IParts
    where TUnit : struct, IDotUnit<TVector>
    where TVector : struct
{
    /// <summary>Positions that are computed together.</summary>
    protected const int Tile = ConvBands.Tile;

    // Below so many tiles for each thread an uneven number of them is felt.
    private const int FewTiles = 8;

    // Room for a tile's sums, three times: of 32 bits, and of 64.
    private const int SumsRoom = Tile * 32 * 3;

    private readonly ConvShape _shape;
    private readonly Workspace _workspace;
    private readonly int _shares;

    /// <summary>Plans.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="workspace">Threads and scratch memory.</param>
    /// <param name="valueBytes">Bytes of a value in the form that is multiplied.</param>
    /// <param name="multiplyAddsPerNanosecond">Of one thread, roughly.</param>
    protected PanelConv2D(ConvShape shape, Workspace workspace, int valueBytes, double multiplyAddsPerNanosecond)
    {
        (_shape, _workspace) = (shape, workspace);
        var panels = (shape.OutputChannels + PanelWidth - 1) / PanelWidth;
        var threads = Cut.IsWorthSharing(shape.MultiplyAdds / multiplyAddsPerNanosecond, workspace.Crew.Size) ? workspace.Crew.Size : 1;
        _shares = SharesChannels(shape, threads, panels) ? threads : 1;
        Bands = new ConvBands(shape, valueBytes, _shares == 1 ? threads : 1);
        workspace.Reserve(Bands.Bytes);
        Start = GC.AllocateArray<int>(panels * PanelWidth, pinned: true);
    }

    /// <summary>Output channels of a panel.</summary>
    protected static int PanelWidth => DotPanels<TUnit, TVector>.Width;

    /// <summary>The bands.</summary>
    protected ConvBands Bands { get; }

    /// <summary>The packed weights; set by the derived class's constructor.</summary>
    protected DotPanels<TUnit, TVector> Panels { get; init; } = null!;

    /// <summary>The sums that each output channel starts with.</summary>
    protected int[] Start { get; }

    /// <summary>All runs and steps at once.</summary>
    protected ConvSection[] Whole => [new(0, Bands.Runs.Length, 0, Steps)];

    /// <summary>Steps of a run.</summary>
    protected int Steps => DotPanels<TUnit, TVector>.StepsOf(Bands.RunLength);

    public void Run() => _workspace.Crew.Run(Bands.Count * _shares, this);

    // A part is a band, and of its channels a share.
    public void RunPart(int part, int worker)
    {
        var values = _workspace.Of(worker);
        var (share, index) = Math.DivRem(part, Bands.Count);
        var band = Bands[index];
        Fill(band, values);
        var sums = stackalloc int[SumsRoom];
        fixed (int* start = Start, windows = Bands.Windows)
        {
            for (var panel = share * Panels.Count / _shares; panel < (share + 1) * Panels.Count / _shares; panel++)
            {
                var channel = panel * PanelWidth;
                var count = Math.Min(PanelWidth, _shape.OutputChannels - channel);
                for (var first = 0; first < band.Positions; first += Tile)
                {
                    Panels.Add(panel, 0, start + channel, values, windows + first, sums, single: count <= TUnit.Lanes);
                    if (Panels.Sections > 1)
                        AddSections(panel, start + channel, values, windows + first, sums, single: count <= TUnit.Lanes);
                    var target = ((long)(band.FirstOutput + first) * _shape.OutputChannels) + channel;
                    Finish(sums, channel, count, Math.Min(Tile, band.Positions - first), target);
                }
            }
        }
    }

    /// <summary>The weights of one run of one output channel.</summary>
    protected ReadOnlySpan<T> RunOf<T>(ReadOnlySpan<T> weights, int channel, int run) => weights.Slice(((channel * Bands.Runs.Length) + run) * Bands.RunLength, Bands.RunLength);

    /// <summary>Copies what a band sees in the form that is multiplied.</summary>
    protected abstract void Fill(ConvBands.Band band, byte* values);

    /// <summary>Makes outputs of sums.</summary>
    /// <param name="sums">Of each position <see cref="PanelWidth"/> sums.</param>
    /// <param name="channel">First output channel.</param>
    /// <param name="count">Output channels; the other sums are of no use.</param>
    /// <param name="positions">Positions; the other sums are of no use.</param>
    /// <param name="target">The first output element.</param>
    protected abstract void Finish(int* sums, int channel, int count, int positions, long target);

    /// <summary>Adds what the first section left out, where there are several.</summary>
    protected virtual void AddSections(int panel, int* start, byte* values, int* windows, int* sums, bool single) => throw new InvalidOperationException("there is one section only");

    // Threads usually share the positions. Of few positions each thread would read all weights, and tiles do not divide evenly: there they share the
    // channels, if these divide better.
    private static bool SharesChannels(ConvShape shape, int threads, int panels)
    {
        var positions = (long)shape.Batches * shape.Rows.Output * shape.Columns.Output;
        return threads > 1 && positions < FewTiles * Tile * threads && panels >= threads && (panels % threads == 0 || panels >= FewTiles * threads);
    }
}
