namespace Sscma.Coco;

/// <summary>Fits a picture into the network's input and keeps its shape.</summary>
public static class Letterbox
{
    /// <summary>
    /// Scales to the largest size that fits, puts the picture into the upper left corner and fills the rest, as RTMDet's validation does.
    /// </summary>
    /// <returns>
    /// The input (H, W, 3), and its pixels per pixel of the original picture on each axis: the two differ by the rounding to whole pixels.
    /// </returns>
    public static (RgbImage Image, float ScaleX, float ScaleY) Fit(RgbImage image, int width, int height, byte fill = 114)
    {
        var (fittedWidth, fittedHeight) = FittedSize(image.Width, image.Height, width, height);
        var fitted = ImageResizer.Bilinear(image, fittedWidth, fittedHeight);
        var scaleX = (float)fittedWidth / image.Width;
        var scaleY = (float)fittedHeight / image.Height;
        if (fittedWidth == width && fittedHeight == height)
            return (fitted, scaleX, scaleY);

        var canvas = new RgbImage(width, height, fill);
        for (var y = 0; y < fittedHeight; y++)
            fitted.Row(y).CopyTo(canvas.Row(y));
        return (canvas, scaleX, scaleY);
    }

    /// <summary>Size of a picture scaled to fit, halves rounded up, never below one pixel or above the frame.</summary>
    public static (int Width, int Height) FittedSize(int width, int height, int frameWidth, int frameHeight)
    {
        var scale = Math.Min((double)frameWidth / width, (double)frameHeight / height);
        return (Side(width * scale, frameWidth), Side(height * scale, frameHeight));
    }

    private static int Side(double length, int limit) => Math.Clamp((int)(length + 0.5), 1, limit);
}
