namespace Sscma.Detection;

/// <summary>Raw output of one feature level for one image.</summary>
/// <param name="Stride">Pixels of the network input per cell: 8, 16 or 32.</param>
/// <param name="Width">Cells per row.</param>
/// <param name="Height">Rows of cells.</param>
/// <param name="ClassLogits">(H, W, C), before the sigmoid.</param>
/// <param name="Distances">(H, W, 4): left, top, right, bottom, in strides.</param>
public sealed record LevelOutput(int Stride, int Width, int Height, ReadOnlyMemory<float> ClassLogits, ReadOnlyMemory<float> Distances)
{
    /// <summary>Number of classes C.</summary>
    public int Classes => ClassLogits.Length / (Width * Height);
}
