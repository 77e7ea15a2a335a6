namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Where <see cref="WinogradConv2D{TUnit, TVector}"/> may take the place of <see cref="VectorConv2D{TUnit, TVector}"/>, and where it is quicker.</summary>
internal static class WinogradChoice
{
    // With fewer channels the transforms take longer than the products that they save.
    private const int LeastChannels = 16;

    // So many times fewer products make good for the transforms.
    private const int LeastGain = 2;

    // Weights take 8 times their bytes, and are read for each few tiles.
    private const long MostPacked = 1 << 24;

    /// <summary>Tiles along one axis.</summary>
    public static int Tiles(Window window) => (window.Output + WinogradTransforms.Outputs - 1) / WinogradTransforms.Outputs;

    /// <summary>Whether it is exact and quicker.</summary>
    public static bool Suits(ConvSetup setup)
    {
        if (!IsPlain(setup.Rows) || !IsPlain(setup.Columns) || Math.Min(setup.InputChannels, setup.OutputChannels) < LeastChannels || 8L * setup.Weights.Count > MostPacked)
            return false;
        var tiles = ((((long)setup.Batches * Tiles(setup.Rows) * Tiles(setup.Columns)) + ConvBands.Tile - 1) / ConvBands.Tile) * ConvBands.Tile;
        var positions = (long)setup.Batches * setup.Rows.Output * setup.Columns.Output;
        return tiles * WinogradTransforms.Places * LeastGain <= positions * 9 && IsExact(setup);
    }

    private static bool IsPlain(Window window) => window is { Kernel: 3, Stride: 1, Dilation: 1 };

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
