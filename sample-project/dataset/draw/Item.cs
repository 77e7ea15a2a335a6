using HardwareParts.Drawing.Looks;
using HardwareParts.Drawing.Shapes;

namespace HardwareParts.Drawing;

/// <summary>A shape somewhere on the bench.</summary>
/// <param name="Kind">Class of a part (index into <see cref="Parts.Names"/>), or null for clutter.</param>
/// <param name="Shape">Its form.</param>
/// <param name="Material">What it is made of.</param>
/// <param name="X">Middle, in pixels of the finished image.</param>
/// <param name="Y">Middle, in pixels of the finished image.</param>
/// <param name="Radius">Length of one unit of the shape, in pixels of the finished image.</param>
/// <param name="Turn">Rotation in radians.</param>
internal sealed record Item(int? Kind, Shape Shape, Material Material, double X, double Y, double Radius, double Turn)
{
    private readonly double _sin = Math.Sin(Turn);
    private readonly double _cos = Math.Cos(Turn);

    /// <summary>Height of what lies below, in pixels.</summary>
    public double Base { get; init; }

    public double Reach => Shape.Reach * Radius;

    /// <summary>A point of the image in the shape's own frame.</summary>
    public (double U, double V) Local(double x, double y) =>
        ((_cos * (x - X) + _sin * (y - Y)) / Radius, (_cos * (y - Y) - _sin * (x - X)) / Radius);

    /// <summary>A direction of the shape's frame in the image's.</summary>
    public (double X, double Y) Global(double u, double v) => (_cos * u - _sin * v, _sin * u + _cos * v);
}
