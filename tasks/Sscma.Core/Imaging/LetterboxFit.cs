namespace Sscma.Imaging;

/// <summary>How an image is put into a network's input: resized with its proportions kept, then filled up on the right and below.</summary>
/// <param name="Width">Columns of the resized image.</param>
/// <param name="Height">Rows of the resized image.</param>
/// <param name="ScaleX">Input pixels per image pixel, horizontally: the rounded width over the true one.</param>
/// <param name="ScaleY">The same vertically.</param>
public readonly record struct LetterboxFit(int Width, int Height, float ScaleX, float ScaleY)
{
    /// <summary>Grey level of the border, as the reference trains with it.</summary>
    public const byte Fill = 114;

    /// <summary>Fits an image of a size into an input.</summary>
    public static LetterboxFit Of(int width, int height, int inputWidth, int inputHeight)
    {
        var scale = Math.Min((double)inputWidth / width, (double)inputHeight / height);
        var fitWidth = Math.Clamp((int)((width * scale) + 0.5), 1, inputWidth);
        var fitHeight = Math.Clamp((int)((height * scale) + 0.5), 1, inputHeight);
        return new LetterboxFit(fitWidth, fitHeight, (float)fitWidth / width, (float)fitHeight / height);
    }

    /// <summary>Draws the image into an input.</summary>
    /// <param name="rgb">(height, width, 3).</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="input">Receives (inputHeight, inputWidth, 3).</param>
    /// <param name="inputWidth">Pixels per row of the input.</param>
    /// <param name="inputHeight">Rows of the input.</param>
    /// <param name="fill">Grey level of the border.</param>
    public static LetterboxFit Draw(
        ReadOnlySpan<byte> rgb, int width, int height, Span<byte> input, int inputWidth, int inputHeight, byte fill = Fill)
    {
        var fit = Of(width, height, inputWidth, inputHeight);
        if (fit.Width < inputWidth || fit.Height < inputHeight)
            input[..(inputWidth * inputHeight * 3)].Fill(fill);
        BilinearResizer.Resize(rgb, width, height, input, fit.Width, fit.Height, inputWidth * 3);
        return fit;
    }
}
