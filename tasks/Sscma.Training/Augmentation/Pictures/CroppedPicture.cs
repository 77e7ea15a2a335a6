namespace Sscma.Training.Augmentation.Pictures;

/// <summary>A part of another picture.</summary>
public sealed class CroppedPicture(Picture source, Window crop) : Picture(crop.Width, crop.Height)
{
    /// <inheritdoc/>
    public override void Render(Window window, Span<byte> target) => source.Render(window.Shift(crop.X, crop.Y), target);
}
