using Sscma.Coco;

namespace Sscma.Training.Page;

/// <summary>A picture of the page: a small JPEG, and the boxes that are drawn over it.</summary>
/// <param name="Jpeg">The thumbnail as base64.</param>
/// <param name="Width">Width of the picture in the pixels of its boxes.</param>
/// <param name="Height">Height in the same.</param>
/// <param name="Boxes">The boxes.</param>
internal sealed record PagePicture(string Jpeg, int Width, int Height, IReadOnlyList<PageBox> Boxes)
{
    private const int Quality = 72;

    /// <summary>Makes the thumbnail.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="side">The longer side of the thumbnail in pixels, unless the picture is smaller.</param>
    /// <param name="boxes">Boxes in pixels of the picture.</param>
    public static PagePicture Of(RgbImage image, int side, IReadOnlyList<PageBox> boxes)
    {
        var small = image;
        if (Math.Max(image.Width, image.Height) > side)
        {
            var (width, height) = Letterbox.FittedSize(image.Width, image.Height, side, side);
            small = ImageResizer.Bilinear(image, width, height);
        }

        return new PagePicture(Convert.ToBase64String(ImageFile.ToJpeg(small, Quality)), image.Width, image.Height, boxes);
    }

    /// <summary>The upper left part of a picture.</summary>
    public static RgbImage Crop(RgbImage image, int width, int height)
    {
        var part = new RgbImage(width, height);
        for (var y = 0; y < height; y++)
            image.Row(y)[..(3 * width)].CopyTo(part.Row(y));
        return part;
    }
}
