using SkiaSharp;

namespace HardwareParts;

/// <summary>Reads photographs.</summary>
internal static class Photo
{
    /// <summary>The image as a person sees it: turned the way the camera was held (EXIF).</summary>
    /// <returns>The bitmap (RGBA), or null when the file is no image.</returns>
    public static SKBitmap? Read(string path)
    {
        using var codec = SKCodec.Create(path);
        if (codec is null)
            return null;
        var info = codec.Info.WithColorType(SKColorType.Rgba8888).WithAlphaType(SKAlphaType.Premul);
        using var stored = SKBitmap.Decode(codec, info);
        return stored is null ? null : Upright(stored, codec.EncodedOrigin);
    }

    /// <summary>The pixels as the detector takes them: (height, width, 3), RGB.</summary>
    public static byte[] Rgb(SKBitmap photo)
    {
        var rgba = photo.GetPixelSpan();
        var rgb = new byte[photo.Width * photo.Height * 3];
        for (var y = 0; y < photo.Height; y++)
        {
            var row = rgba.Slice(y * photo.RowBytes, photo.Width * 4);
            for (var x = 0; x < photo.Width; x++)
                row.Slice(4 * x, 3).CopyTo(rgb.AsSpan((y * photo.Width + x) * 3));
        }

        return rgb;
    }

    private static SKBitmap Upright(SKBitmap stored, SKEncodedOrigin origin)
    {
        var (w, h) = (stored.Width, stored.Height);
        var (matrix, width, height) = origin switch
        {
            SKEncodedOrigin.TopRight => (Matrix(-1, 0, w, 0, 1, 0), w, h),
            SKEncodedOrigin.BottomRight => (Matrix(-1, 0, w, 0, -1, h), w, h),
            SKEncodedOrigin.BottomLeft => (Matrix(1, 0, 0, 0, -1, h), w, h),
            SKEncodedOrigin.LeftTop => (Matrix(0, 1, 0, 1, 0, 0), h, w),
            SKEncodedOrigin.RightTop => (Matrix(0, -1, h, 1, 0, 0), h, w),
            SKEncodedOrigin.RightBottom => (Matrix(0, -1, h, -1, 0, w), h, w),
            SKEncodedOrigin.LeftBottom => (Matrix(0, 1, 0, -1, 0, w), h, w),
            _ => (SKMatrix.Identity, w, h),
        };
        var upright = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(upright);
        canvas.Clear(SKColors.White); // what is transparent becomes paper
        canvas.SetMatrix(matrix);
        canvas.DrawBitmap(stored, 0, 0);
        return upright;
    }

    // x' = a·x + b·y + c, y' = d·x + e·y + f
    private static SKMatrix Matrix(float a, float b, float c, float d, float e, float f) => new(a, b, c, d, e, f, 0, 0, 1);
}
