using Sscma.Imaging;

namespace Sscma.Coco;

/// <summary>A whole picture as a network gets it.</summary>
public static class InputImage
{
    /// <summary>
    /// Fits a picture into the input: with its shape kept in the upper left corner, grey where it does not reach, as RTMDet's validation does; or stretched, as the
    /// device does.
    /// </summary>
    /// <returns>
    /// The input (H, W, 3), and its pixels per pixel of the original picture on each axis.
    /// </returns>
    public static (RgbImage Image, InputFit Fit) Of(RgbImage image, int width, int height, ResizeMode mode)
    {
        var canvas = new RgbImage(width, height, GC.AllocateUninitializedArray<byte>(checked(width * height * 3)));
        return (canvas, InputFit.Draw(image.Pixels, image.Width, image.Height, canvas.Pixels, width, height, mode));
    }
}
