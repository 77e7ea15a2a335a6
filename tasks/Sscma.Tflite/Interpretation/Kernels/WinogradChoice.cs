namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Where <see cref="WinogradConv2D{TUnit, TVector}"/> may take the place of <see cref="VectorConv2D{TUnit, TVector}"/>, and where it is quicker.</summary>
internal static class WinogradChoice
{
    // What the transforms cost for an output, and what it costs to fetch the 72 bytes that each of its weights takes, in products of bytes by AVX-VNNI.
    // Measured on one machine (Zen 5), where AVX-512, AVX-VNNI and AVX2 were each right with it.
    private const double Transforms = 130;
    private const double Fetching = 500;

    // Weights take 8 times their bytes, and more where channels do not fill whole panels: what is little may be a hundred times as much.
    private const int WidestPanel = 32;
    private const int MostTimes = 16;
    private const long Little = 1 << 20;
    private const long MostPacked = 1 << 24;

    /// <summary>Tiles along one axis.</summary>
    public static int Tiles(Window window) => (window.Output + WinogradTransforms.Outputs - 1) / WinogradTransforms.Outputs;

    /// <summary>Whether it is exact and quicker.</summary>
    /// <param name="setup">The convolution.</param>
    /// <param name="direct">What a product costs otherwise, in products of bytes by AVX-VNNI.</param>
    /// <param name="words">What a product of 16 bits costs.</param>
    public static bool Suits(ConvSetup setup, double direct, double words)
    {
        if (!IsPlain(setup.Rows) || !IsPlain(setup.Columns) || !HasRoom(setup))
            return false;
        var channels = setup.InputChannels;
        var positions = (double)setup.Batches * setup.Rows.Output * setup.Columns.Output;
        var tiles = Math.Ceiling((double)setup.Batches * Tiles(setup.Rows) * Tiles(setup.Columns) / ConvBands.Tile) * ConvBands.Tile;
        var winograd = (tiles / positions * WinogradTransforms.Places * channels * words) + Transforms + (Fetching * channels / positions);
        return winograd < 9 * channels * direct && IsExact(setup);
    }

    private static bool IsPlain(Window window) => window is { Kernel: 3, Stride: 1, Dilation: 1 };

    private static bool HasRoom(ConvSetup setup)
    {
        var packed = (setup.OutputChannels + WidestPanel - 1L) / WidestPanel * WidestPanel * setup.InputChannels * WinogradTransforms.Places * sizeof(short);
        return packed <= Math.Min(MostPacked, Math.Max(Little, (long)MostTimes * setup.Weights.Count));
    }

    private static bool IsExact(ConvSetup setup)
    {
        var filter = setup.Weights.Count / setup.OutputChannels;
        for (var channel = 0; channel < setup.OutputChannels; channel++)
        {
            var sum = 0L;
            foreach (var weight in setup.Weights.Int8.Slice(channel * filter, filter))
                sum += Math.Abs((int)weight);
            if (sum > WinogradTransforms.MostWeight)
                return false;
        }

        return true;
    }
}
