using Sscma.Imaging;

namespace Sscma.Coco;

/// <summary>Changes the size of a picture.</summary>
public static class ImageResizer
{
    /// <summary>
    /// Bilinear interpolation to (height, width), as OpenCV's INTER_LINEAR; <see cref="BilinearResizer"/> states the convention.
    /// </summary>
    public static RgbImage Bilinear(RgbImage image, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var result = new RgbImage(width, height, GC.AllocateUninitializedArray<byte>(checked(width * height * 3)));
        BilinearResizer.Resize(image.Pixels, image.Width, image.Height, result.Pixels, width, height);
        return result;
    }
}
