namespace Sscma.Training.Augmentation.Pictures;

/// <summary>A rectangle of whole pixels.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct Window(int X, int Y, int Width, int Height)
{
    /// <summary>Whether no pixel is inside.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>Bytes of its RGB pixels.</summary>
    public int Bytes => Width * Height * 3;

    /// <summary>The part that both share; empty when there is none.</summary>
    public Window Intersect(Window other)
    {
        var (x, y) = (Math.Max(X, other.X), Math.Max(Y, other.Y));
        return new Window(x, y, Math.Min(X + Width, other.X + other.Width) - x, Math.Min(Y + Height, other.Y + other.Height) - y);
    }

    /// <summary>The rectangle seen from another origin.</summary>
    public Window Shift(int x, int y) => this with { X = X + x, Y = Y + y };
}
