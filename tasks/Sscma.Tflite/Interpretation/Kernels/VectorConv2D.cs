using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// The sums of <see cref="Conv2D{T}"/> of int8 codes in another order. The zero point's share of a sum is a constant of the channel, because the border holds
/// the zero point: sum((x - z) * w) = sum(x * w) - z * sum(w), with all taps in both. Integers wrap the same in any order, so the bytes are equal.
/// </summary>
internal sealed unsafe class VectorConv2D<TUnit, TVector> : PanelConv2D<TUnit, TVector>
    where TUnit : struct, IDotUnit<TVector>
    where TVector : struct
{
    private const double MultiplyAddsPerNanosecond = 60;

    private readonly ConvSetup _setup;
    private readonly Requantizer _requantizer;

    public VectorConv2D(ConvSetup setup, Workspace workspace)
        : base(setup, workspace, 4 / TUnit.Depth, MultiplyAddsPerNanosecond)
    {
        _setup = setup;
        _requantizer = new Requantizer(setup.Multipliers, setup.OutputZero, setup.Range);
        Panels = new DotPanels<TUnit, TVector>(Bands.Runs, Steps, setup.OutputChannels, Whole, Pack);
        var filter = setup.Weights.Count / setup.OutputChannels;
        for (var channel = 0; channel < setup.OutputChannels; channel++)
        {
            var sum = 0;
            foreach (var weight in setup.Weights.Int8.Slice(channel * filter, filter))
                sum += weight;
            Start[channel] = setup.Bias[channel] - ((setup.InputZero + TUnit.Offset) * sum);
        }
    }

    protected override void Fill(ConvBands.Band band, byte* values) => Bands.Fill<TUnit, TVector>(band, _setup.Input.Pointer, values, _setup.InputZero);

    protected override void Finish(int* sums, int channel, int count, int positions, long target) =>
        _requantizer.Apply(sums, PanelWidth, channel, count, positions, _setup.Output.Pointer + target, _setup.OutputChannels);

    private void Pack(int channel, int run, Span<int> lanes) => CodeForms.PackAll(TUnit.Depth, RunOf<sbyte>(_setup.Weights.Int8, channel, run), lanes);
}
