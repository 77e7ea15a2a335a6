namespace Sscma.Training.Augmentation.Pictures;

/// <summary>Another picture with the colour of every pixel changed.</summary>
public sealed class RecoloredPicture(Picture source, HsvTables tables) : Picture(source.Width, source.Height)
{
    /// <inheritdoc/>
    public override void Render(Window window, Span<byte> target)
    {
        source.Render(window, target);
        tables.Apply(target);
    }
}
