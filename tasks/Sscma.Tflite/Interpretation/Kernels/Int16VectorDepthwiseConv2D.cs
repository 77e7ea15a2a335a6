using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>The sums of <see cref="DepthwiseConv2D{T}"/> of int16 codes, a lane a channel, in 32 bits, which hold them.</summary>
internal sealed unsafe class Int16VectorDepthwiseConv2D<TUnit, TVector> : LaneDepthwiseConv2D<TUnit, TVector>
    where TUnit : struct, ILaneUnit<TVector>
    where TVector : struct
{
    private const double MultiplyAddsPerNanosecond = 10;

    // A weight's magnitude is at most 2^7.
    private const int MostTaps = ConvSetup.MostWeightOfInt16 >> 7;

    private readonly ConvSetup _setup;
    private readonly WideRequantizer _requantizer;

    public Int16VectorDepthwiseConv2D(ConvSetup setup, Workspace workspace)
        : base(setup, workspace, MultiplyAddsPerNanosecond, place => setup.Weights.Int8[place], _ => 0) =>
        (_setup, _requantizer) = (setup, new WideRequantizer(setup));

    /// <summary>Whether the sums fit.</summary>
    public static bool Fits(ConvSetup setup) => (long)setup.Rows.Kernel * setup.Columns.Kernel <= MostTaps;

    protected override void Finish(int* sums, long target) => _requantizer.Apply(sums, 0, _setup.OutputChannels, (short*)_setup.Output.Pointer + target);
}
