using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// The sums of <see cref="FloatDepthwiseConv2D"/>, a lane a channel. A sum is made in the order of the taps however many lanes and threads there are: only
/// whether a product is rounded by itself depends on the machine.
/// </summary>
internal sealed unsafe class FloatVectorDepthwiseConv2D<TUnit, TVector> : LaneDepthwiseConv2D<TUnit, TVector>
    where TUnit : struct, ILaneUnit<TVector>
    where TVector : struct
{
    private const double MultiplyAddsPerNanosecond = 10;

    private readonly FloatConvSetup _setup;

    public FloatVectorDepthwiseConv2D(FloatConvSetup setup, Workspace workspace)
        : base(
            setup, workspace, MultiplyAddsPerNanosecond, place => BitConverter.SingleToInt32Bits(setup.Weights.Floats[place]),
            channel => BitConverter.SingleToInt32Bits(setup.BiasOf(channel))) => _setup = setup;

    protected override void Finish(int* sums, long target) =>
        FloatSpans.Clamp(new ReadOnlySpan<float>(sums, _setup.OutputChannels), _setup.Range, new Span<float>((float*)_setup.Output.Pointer + target, _setup.OutputChannels));
}
