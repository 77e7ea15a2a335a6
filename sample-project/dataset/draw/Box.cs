namespace HardwareParts.Drawing;

/// <summary>Where a part is seen, in pixels of the finished image.</summary>
/// <param name="Kind">Index into <see cref="Parts.Names"/>.</param>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Right">End of the last column.</param>
/// <param name="Bottom">End of the last row.</param>
internal readonly record struct Box(int Kind, double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;
}
