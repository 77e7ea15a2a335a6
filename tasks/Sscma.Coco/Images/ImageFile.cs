using Sscma.Diagnostics;
using Sscma.Natives;
using SkiaSharp;

namespace Sscma.Coco;

/// <summary>
/// Image files: JPEG, PNG, BMP, GIF (first frame) and WebP, told by their content and never by their name.
/// Pixels come upright (EXIF orientation applied) and as stored: no colour management, 16 bits scaled to 8, alpha
/// dropped while the colour under it stays, grey repeated into three channels, CMYK as Adobe writes it converted to RGB (other CMYK is refused: its polarity is unknown).
/// </summary>
public static class ImageFile
{
    /// <summary>Larger pictures are refused by their header, before any memory is taken for them.</summary>
    public const long MaxPixels = 64_000_000;

    /// <summary>Decodes a file.</summary>
    /// <exception cref="DiagnosticException">SSCMA1011 to 1015, SSCMA9002: the file is missing, empty, cut short, no image, too large, not readable.</exception>
    public static RgbImage Decode(string path) => Decode(path, int.MaxValue);

    /// <summary>
    /// Decodes a file for use at a small size. A JPEG is decoded at the smallest of its native reductions (eighths) whose longer
    /// side is still at least <paramref name="maxSide"/>, which is faster and less aliased than decoding all of it; other
    /// formats come at their full size. The caller scales boxes by the ratio of the sizes, axis by axis.
    /// </summary>
    /// <exception cref="DiagnosticException">As <see cref="Decode(string)"/>.</exception>
    public static RgbImage DecodeFitting(string path, int maxSide) => Decode(path, maxSide);

    /// <summary>Encodes a picture as JPEG. The same picture gives the same bytes on one kind of processor.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="quality">0 to 100.</param>
    public static byte[] ToJpeg(RgbImage image, int quality)
    {
        NativeLibraries.UseSkiaSharp();
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var rgba = bitmap.GetPixelSpan();
        for (var i = 0; i < image.Width * image.Height; i++)
        {
            image.Pixels.AsSpan(3 * i, 3).CopyTo(rgba[(4 * i)..]);
            rgba[(4 * i) + 3] = 255;
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }

    /// <summary>Reads the upright size from the header, without decoding.</summary>
    /// <exception cref="DiagnosticException">As <see cref="Decode(string)"/>, but a picture that is cut short after its header passes.</exception>
    public static (int Width, int Height) ReadSize(string path)
    {
        NativeLibraries.UseSkiaSharp();
        using var stream = ImageBytes.Open(path);
        return ReadSize(path, stream);
    }

    /// <summary>
    /// Reads the upright size and makes sure that the file is whole: by its end mark, and by decoding it when the mark is not there.
    /// </summary>
    /// <exception cref="DiagnosticException">As <see cref="Decode(string)"/>.</exception>
    public static (int Width, int Height) Inspect(string path)
    {
        NativeLibraries.UseSkiaSharp();
        using var stream = ImageBytes.Open(path);
        var size = ReadSize(path, stream);
        if (JpegHeader.IsForeignCmyk(ImageBytes.Begin(stream)))
            throw ImageProblem.ForeignCmyk(path);
        if (!ImageBytes.HasEndMark(stream))
            Decode(path);
        return size;
    }

    private static (int Width, int Height) ReadSize(string path, FileStream stream)
    {
        // SkiaSharp disposes the stream it is given; this wrapper leaves ours open for the look at the file's end.
        using var codec = SKCodec.Create(new SKManagedStream(stream, disposeManagedStream: false)) ?? throw ImageProblem.Unreadable(path, ImageBytes.Head(path));
        RefuseHuge(path, codec.Info);
        return Orientation.SizeOf(codec.Info.Width, codec.Info.Height, codec.EncodedOrigin);
    }

    private static RgbImage Decode(string path, int maxSide)
    {
        NativeLibraries.UseSkiaSharp();
        var bytes = ImageBytes.ReadAll(path);
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data) ?? throw ImageProblem.Unreadable(path, ImageBytes.Head(path));
        RefuseHuge(path, codec.Info);
        if (JpegHeader.IsForeignCmyk(bytes))
            throw ImageProblem.ForeignCmyk(path);

        var size = SizeFor(codec, maxSide);
        var rgba = GC.AllocateUninitializedArray<byte>(size.Width * size.Height * 4);
        var result = DecodeInto(codec, size, rgba);
        if (result == SKCodecResult.IncompleteInput)
            throw ImageProblem.CutShort(path);
        if (result != SKCodecResult.Success)
            throw ImageProblem.Damaged(path, result.ToString());
        return Orientation.Upright(rgba, size.Width, size.Height, codec.EncodedOrigin);
    }

    private static SKSizeI SizeFor(SKCodec codec, int maxSide)
    {
        for (var eighths = 1; eighths < 8; eighths++)
        {
            var size = codec.GetScaledDimensions(eighths / 8f);
            if (Math.Max(size.Width, size.Height) >= maxSide)
                return size;
        }

        return codec.Info.Size;
    }

    private static unsafe SKCodecResult DecodeInto(SKCodec codec, SKSizeI size, byte[] rgba)
    {
        // Unpremultiplied: colours are not darkened by alpha. No colour space: values are not converted.
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        fixed (byte* pixels = rgba)
            return codec.GetPixels(info, (nint)pixels);
    }

    private static void RefuseHuge(string path, SKImageInfo info)
    {
        if ((long)info.Width * info.Height > MaxPixels)
            throw ImageProblem.TooLarge(path, info.Width, info.Height, MaxPixels);
    }
}
