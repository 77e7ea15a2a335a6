using SkiaSharp;
using Sscma.Detection;

namespace HardwareParts;

/// <summary>Draws what was found over a photograph.</summary>
internal static class Markup
{
    // Small photographs are enlarged, so that a label is smaller than the part it names.
    private const int LeastSide = 640;

    private static readonly SKColor[] Colours =
        [new(0xFF, 0x6B, 0x35), new(0x2E, 0xC4, 0x5B), new(0x2A, 0x9D, 0xF4), new(0xE6, 0x3E, 0xB5), new(0xF2, 0xC1, 0x1D)];

    public static SKBitmap Draw(SKBitmap photo, IReadOnlyList<DetectedObject> found, IReadOnlyList<string> labels)
    {
        var scale = (int)Math.Ceiling(LeastSide / (double)Math.Max(photo.Width, photo.Height));
        var picture = new SKBitmap(photo.Width * scale, photo.Height * scale);
        using var canvas = new SKCanvas(picture);
        using var image = SKImage.FromBitmap(photo);
        canvas.DrawImage(image, SKRect.Create(picture.Width, picture.Height), new SKSamplingOptions(SKCubicResampler.Mitchell));

        var line = Math.Max(2, MathF.Round(Math.Max(picture.Width, picture.Height) / 320f));
        // The surest on top.
        foreach (var part in found.Reverse())
            DrawPart(canvas, part, labels[part.ClassIndex], scale, line);
        return picture;
    }

    private static void DrawPart(SKCanvas canvas, DetectedObject part, string label, int scale, float line)
    {
        var box = new SKRect(part.Box.X1 * scale, part.Box.Y1 * scale, part.Box.X2 * scale, part.Box.Y2 * scale);
        using var paint = new SKPaint { Color = Colours[part.ClassIndex % Colours.Length], Style = SKPaintStyle.Stroke, StrokeWidth = line };
        canvas.DrawRect(box, paint);

        var text = FormattableString.Invariant($"{label} {part.Score:0.00}");
        var (width, height) = ((PixelFont.Measure(text) + 3) * line, (PixelFont.Height + 3) * line);
        var top = Math.Max(0, box.Top - height);
        var left = Math.Clamp(box.Left - line / 2, 0, Math.Max(0, canvas.LocalClipBounds.Right - width));
        paint.Style = SKPaintStyle.Fill;
        canvas.DrawRect(left, top, width, height, paint);
        paint.Color = SKColors.White;
        PixelFont.Draw(canvas, text, left + 1.5f * line, top + 1.5f * line, line, paint);
    }
}
