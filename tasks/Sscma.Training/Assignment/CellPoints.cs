namespace Sscma.Training.Assignment;

/// <summary>Where the cells of all levels lie: levels in the order 8, 16, 32, rows from top to bottom.</summary>
/// <param name="X">Pixels from the left, (N).</param>
/// <param name="Y">Pixels from the top, (N).</param>
/// <param name="Stride">Pixels per cell, (N).</param>
public sealed record CellPoints(float[] X, float[] Y, float[] Stride)
{
    /// <summary>Number of cells N.</summary>
    public int Count => X.Length;

    /// <summary>The cells of some levels. A cell's point is its top-left corner plus <paramref name="offset"/> strides.</summary>
    public static CellPoints Of(IReadOnlyList<(int Stride, int Width, int Height)> levels, double offset)
    {
        var count = levels.Sum(level => level.Width * level.Height);
        var points = new CellPoints(new float[count], new float[count], new float[count]);
        var i = 0;
        foreach (var (stride, width, height) in levels)
        {
            for (var cell = 0; cell < width * height; cell++, i++)
            {
                points.X[i] = (float)(((cell % width) + offset) * stride);
                points.Y[i] = (float)(((cell / width) + offset) * stride);
                points.Stride[i] = stride;
            }
        }

        return points;
    }
}
