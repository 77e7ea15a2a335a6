using Sscma.Coco;

namespace Sscma.Training.Augmentation.Pictures;

/// <summary>A picture whose pixels are there already.</summary>
public sealed class ImagePicture(RgbImage image) : Picture(image.Width, image.Height)
{
    /// <inheritdoc/>
    public override void Render(Window window, Span<byte> target)
    {
        var rowBytes = window.Width * 3;
        for (var y = 0; y < window.Height; y++)
            image.Row(window.Y + y).Slice(window.X * 3, rowBytes).CopyTo(target.Slice(y * rowBytes, rowBytes));
    }
}
