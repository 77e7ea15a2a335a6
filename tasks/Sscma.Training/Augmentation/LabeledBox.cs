using Sscma.Detection;

namespace Sscma.Training.Augmentation;

/// <summary>One annotated object of a training sample.</summary>
/// <param name="Box">Where, in pixels of the sample's picture.</param>
/// <param name="Label">Index of its class.</param>
public readonly record struct LabeledBox(Box Box, int Label)
{
    /// <summary>Whether something of the object is left: both sides are longer than 0.</summary>
    public bool HasArea => Box.Width > 0 && Box.Height > 0;

    /// <summary>The object in a picture that was stretched by two factors.</summary>
    public LabeledBox Scale(float x, float y) => this with { Box = new Box(Box.X1 * x, Box.Y1 * y, Box.X2 * x, Box.Y2 * y) };

    /// <summary>The object in a picture whose origin moved.</summary>
    public LabeledBox Shift(float x, float y) => this with { Box = new Box(Box.X1 + x, Box.Y1 + y, Box.X2 + x, Box.Y2 + y) };

    /// <summary>The object cut to a picture of the given size.</summary>
    public LabeledBox Clip(float width, float height) => this with { Box = Box.Clip(width, height) };

    /// <summary>The object in the mirror image of a picture of the given width.</summary>
    public LabeledBox Mirror(float width) => this with { Box = new Box(width - Box.X2, Box.Y1, width - Box.X1, Box.Y2) };
}
