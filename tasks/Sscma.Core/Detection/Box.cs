namespace Sscma.Detection;

/// <summary>A rectangle by its corners, in pixels of the image that the context names; (X2, Y2) is exclusive.</summary>
public readonly record struct Box(float X1, float Y1, float X2, float Y2)
{
    /// <summary>Width in pixels; negative when the corners are exchanged.</summary>
    public float Width => X2 - X1;

    /// <summary>Height in pixels; negative when the corners are exchanged.</summary>
    public float Height => Y2 - Y1;

    /// <summary>The box moved into the image [0, width] x [0, height].</summary>
    public Box Clip(float width, float height) => new(
        Math.Clamp(X1, 0, width), Math.Clamp(Y1, 0, height), Math.Clamp(X2, 0, width), Math.Clamp(Y2, 0, height));

    /// <summary>Intersection over union with another box; 0 when both are empty.</summary>
    public float Iou(in Box other)
    {
        var width = MathF.Min(X2, other.X2) - MathF.Max(X1, other.X1);
        var height = MathF.Min(Y2, other.Y2) - MathF.Max(Y1, other.Y1);
        if (width <= 0 || height <= 0)
            return 0;
        var intersection = width * height;
        return intersection / ((Width * Height) + (other.Width * other.Height) - intersection);
    }
}
