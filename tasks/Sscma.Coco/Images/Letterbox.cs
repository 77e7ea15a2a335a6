using Sscma.Imaging;

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
    public static (RgbImage Image, float ScaleX, float ScaleY) Fit(RgbImage image, int width, int height, byte fill = LetterboxFit.Fill)
    {
        var canvas = new RgbImage(width, height, GC.AllocateUninitializedArray<byte>(checked(width * height * 3)));
        var fit = LetterboxFit.Draw(image.Pixels, image.Width, image.Height, canvas.Pixels, width, height, fill);
        return (canvas, fit.ScaleX, fit.ScaleY);
    }

    /// <summary>Size of a picture scaled to fit, halves rounded up, never below one pixel or above the frame.</summary>
    public static (int Width, int Height) FittedSize(int width, int height, int frameWidth, int frameHeight)
    {
        var fit = LetterboxFit.Of(width, height, frameWidth, frameHeight);
        return (fit.Width, fit.Height);
    }
}
