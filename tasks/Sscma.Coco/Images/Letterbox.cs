using Sscma.Imaging;

namespace Sscma.Coco;

/// <summary>Sizes of pictures that keep their shape.</summary>
public static class Letterbox
{
    /// <summary>Size of a picture scaled to fit, halves rounded up, never below one pixel or above the frame.</summary>
    public static (int Width, int Height) FittedSize(int width, int height, int frameWidth, int frameHeight)
    {
        var fit = InputFit.Of(width, height, frameWidth, frameHeight);
        return (fit.Width, fit.Height);
    }
}
