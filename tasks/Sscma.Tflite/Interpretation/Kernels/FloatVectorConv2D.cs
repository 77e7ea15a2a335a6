using System.Runtime.InteropServices;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// The sums of <see cref="FloatConv2D"/>, a lane an output channel. A sum is made in the order of the taps however many lanes and threads there are: only
/// whether a product is rounded by itself depends on the machine.
/// </summary>
internal sealed unsafe class FloatVectorConv2D<TUnit, TVector> : PanelConv2D<TUnit, TVector>
    where TUnit : struct, IDotUnit<TVector>
    where TVector : struct
{
    private const double MultiplyAddsPerNanosecond = 30;

    private readonly FloatConvSetup _setup;

    public FloatVectorConv2D(FloatConvSetup setup, Workspace workspace)
        : base(setup, workspace, sizeof(float), MultiplyAddsPerNanosecond)
    {
        _setup = setup;
        Panels = new DotPanels<TUnit, TVector>(Bands.Runs, Steps, setup.OutputChannels, Whole, Pack);
        for (var channel = 0; channel < setup.OutputChannels; channel++)
            Start[channel] = BitConverter.SingleToInt32Bits(setup.BiasOf(channel));
    }

    protected override void Fill(ConvBands.Band band, byte* values) => Bands.Copy(band, (byte*)_setup.Input.Pointer, values);

    protected override void Finish(int* sums, int channel, int count, int positions, long target)
    {
        var output = (float*)_setup.Output.Pointer + target;
        for (var i = 0; i < positions; i++, output += _setup.OutputChannels)
            FloatSpans.Clamp(new ReadOnlySpan<float>(sums + (i * PanelWidth), count), _setup.Range, new Span<float>(output, count));
    }

    private void Pack(int channel, int run, Span<int> lanes) =>
        MemoryMarshal.Cast<float, int>(RunOf<float>(_setup.Weights.Floats, channel, run)).CopyTo(lanes);
}
