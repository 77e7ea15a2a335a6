namespace Sscma.Training.Augmentation.Pictures;

/// <summary>Another picture with left and right exchanged.</summary>
public sealed class MirroredPicture(Picture source) : Picture(source.Width, source.Height)
{
    /// <inheritdoc/>
    public override void Render(Window window, Span<byte> target)
    {
        source.Render(window with { X = Width - window.X - window.Width }, target);
        for (var y = 0; y < window.Height; y++)
            Mirror(target.Slice(y * window.Width * 3, window.Width * 3));
    }

    private static void Mirror(Span<byte> row)
    {
        for (int left = 0, right = row.Length - 3; left < right; left += 3, right -= 3)
        {
            (row[left], row[right]) = (row[right], row[left]);
            (row[left + 1], row[right + 1]) = (row[right + 1], row[left + 1]);
            (row[left + 2], row[right + 2]) = (row[right + 2], row[left + 2]);
        }
    }
}
