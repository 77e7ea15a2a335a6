using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// The sums of <see cref="Conv2D{T}"/> of int16 codes in another order, in 32 bits as far as these hold them: |code| ≤ 2^15, so products of weights whose
/// magnitudes add up to less than 2^16 stay below 2^31. What is more is cut into sections, whose sums are added in 64 bits. So nothing is lost, and the
/// bytes are those of the plain kernel.
/// </summary>
internal sealed unsafe class Int16VectorConv2D<TUnit, TVector> : PanelConv2D<TUnit, TVector>
    where TUnit : struct, IDotUnit<TVector>
    where TVector : struct
{
    private const double MultiplyAddsPerNanosecond = 40;

    // A step is two products of weights up to 2^7.
    private const int MostSteps = ConvSetup.MostWeightOfInt16 / (2 << 7);

    private readonly ConvSetup _setup;
    private readonly WideRequantizer _requantizer;

    public Int16VectorConv2D(ConvSetup setup, Workspace workspace)
        : base(setup, workspace, sizeof(short), MultiplyAddsPerNanosecond)
    {
        _setup = setup;
        _requantizer = new WideRequantizer(setup);
        Panels = new DotPanels<TUnit, TVector>(Bands.Runs, Steps, setup.OutputChannels, Sections(), Pack);
    }

    protected override void Fill(ConvBands.Band band, byte* values) => Bands.Copy(band, (byte*)_setup.Input.Pointer, values);

    protected override void AddSections(int panel, int* start, byte* values, int* windows, int* sums, bool single)
    {
        var wide = WideSums(sums);
        for (var i = 0; i < Tile * PanelWidth; i++)
            wide[i] = sums[i];
        for (var section = 1; section < Panels.Sections; section++)
        {
            Panels.Add(panel, section, start, values, windows, sums, single);
            for (var i = 0; i < Tile * PanelWidth; i++)
                wide[i] += sums[i];
        }
    }

    protected override void Finish(int* sums, int channel, int count, int positions, long target)
    {
        var output = (short*)_setup.Output.Pointer + target;
        for (var i = 0; i < positions; i++, output += _setup.OutputChannels)
        {
            if (Panels.Sections == 1)
                _requantizer.Apply(sums + (i * PanelWidth), channel, count, output);
            else
                _requantizer.Apply(WideSums(sums) + (i * PanelWidth), channel, count, output);
        }
    }

    // The room behind the sums of 32 bits.
    private static long* WideSums(int* sums) => (long*)(sums + (Tile * PanelWidth));

    private void Pack(int channel, int run, Span<int> lanes) => CodeForms.PackAll(TUnit.Depth, RunOf<sbyte>(_setup.Weights.Int8, channel, run), lanes);

    // As many whole runs as keep within the bound for every channel; where a single run does not, runs are cut.
    private ConvSection[] Sections()
    {
        var sections = new List<ConvSection>();
        var steps = Whole[0].Steps;
        var (first, weights) = (0, new int[_setup.OutputChannels]);
        for (var run = 0; run < Bands.Runs.Length; run++)
        {
            var ofRun = new int[weights.Length];
            for (var channel = 0; channel < ofRun.Length; channel++)
            {
                foreach (var weight in RunOf<sbyte>(_setup.Weights.Int8, channel, run))
                    ofRun[channel] += Math.Abs((int)weight);
            }

            if (ofRun.Max() > ConvSetup.MostWeightOfInt16)
                return [.. Pieces(steps)];
            if (weights.Zip(ofRun, (a, b) => a + b).Max() > ConvSetup.MostWeightOfInt16)
            {
                sections.Add(new ConvSection(first, run - first, 0, steps));
                (first, weights) = (run, new int[weights.Length]);
            }

            for (var channel = 0; channel < ofRun.Length; channel++)
                weights[channel] += ofRun[channel];
        }

        sections.Add(new ConvSection(first, Bands.Runs.Length - first, 0, steps));
        return [.. sections];
    }

    private IEnumerable<ConvSection> Pieces(int steps)
    {
        for (var run = 0; run < Bands.Runs.Length; run++)
        {
            for (var step = 0; step < steps; step += MostSteps)
                yield return new ConvSection(run, 1, step, Math.Min(MostSteps, steps - step));
        }
    }
}
