namespace HardwareParts.Drawing.Shapes;

/// <summary>
/// A thing that lies on the bench, as a height field: everything the camera above can see of it.
/// Lengths are relative to the thing's own radius, so that a shape is described once and drawn at any size.
/// </summary>
internal abstract class Shape
{
    /// <summary>What <see cref="Height"/> answers where there is nothing.</summary>
    public const double Nothing = -1;

    /// <summary>A circle of this radius around the origin holds the whole shape.</summary>
    public virtual double Reach => 1;

    /// <summary>Height above the bench at a point, or <see cref="Nothing"/>.</summary>
    public abstract double Height(double u, double v);

    /// <summary>A full edge with a bevel: the height at distance <paramref name="inside"/> from the border.</summary>
    protected static double Bevel(double height, double inside, double bevel) =>
        inside < 0 ? Nothing : inside < bevel ? height - (bevel - inside) : height;

    /// <summary>Distance of a point to the border of a box, positive inside.</summary>
    protected static double InsideBox(double u, double v, double halfWidth, double halfHeight) =>
        Math.Min(halfWidth - Math.Abs(u), halfHeight - Math.Abs(v));
}
