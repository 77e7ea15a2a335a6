namespace Sscma.Imaging;

/// <summary>
/// How an image is put into a network's input: resized with its proportions kept, then filled up on the right and below; or stretched to all of it.
/// </summary>
/// <param name="Width">Columns of the resized image.</param>
/// <param name="Height">Rows of the resized image.</param>
/// <param name="ScaleX">Input pixels per image pixel, horizontally: the rounded width over the true one.</param>
/// <param name="ScaleY">The same vertically.</param>
public readonly record struct InputFit(int Width, int Height, float ScaleX, float ScaleY)
{
    /// <summary>Grey level of the border, as the reference trains with it.</summary>
    public const byte Fill = 114;

    /// <summary>Fits an image of a size into an input.</summary>
    public static InputFit Of(int width, int height, int inputWidth, int inputHeight, ResizeMode mode = ResizeMode.KeepRatio)
    {
        var (fitWidth, fitHeight) = (inputWidth, inputHeight);
        if (mode == ResizeMode.KeepRatio)
        {
            var scale = Math.Min((double)inputWidth / width, (double)inputHeight / height);
            fitWidth = Math.Clamp((int)((width * scale) + 0.5), 1, inputWidth);
            fitHeight = Math.Clamp((int)((height * scale) + 0.5), 1, inputHeight);
        }

        return new InputFit(fitWidth, fitHeight, (float)fitWidth / width, (float)fitHeight / height);
    }

    /// <summary>Draws the image into an input.</summary>
    /// <param name="rgb">(height, width, 3).</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="input">Receives (inputHeight, inputWidth, 3).</param>
    /// <param name="inputWidth">Pixels per row of the input.</param>
    /// <param name="inputHeight">Rows of the input.</param>
    /// <param name="mode">Whether proportions are kept.</param>
    public static InputFit Draw(
        ReadOnlySpan<byte> rgb, int width, int height, Span<byte> input, int inputWidth, int inputHeight, ResizeMode mode = ResizeMode.KeepRatio)
    {
        var fit = Of(width, height, inputWidth, inputHeight, mode);
        if (mode == ResizeMode.Stretch)
        {
            NearestResizer.Resize(rgb, width, height, input, inputWidth, inputHeight);
            return fit;
        }

        if (fit.Width < inputWidth || fit.Height < inputHeight)
            input[..(inputWidth * inputHeight * 3)].Fill(Fill);
        BilinearResizer.Resize(rgb, width, height, input, fit.Width, fit.Height, inputWidth * 3);
        return fit;
    }
}
