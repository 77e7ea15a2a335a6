namespace Sscma.Quantization.Graph;

/// <summary>Rows and columns of zeros around an image.</summary>
internal readonly record struct Pads(int Top, int Left, int Bottom, int Right)
{
    public bool None => this == default;
}
