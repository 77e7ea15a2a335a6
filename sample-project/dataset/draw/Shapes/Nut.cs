namespace HardwareParts.Drawing.Shapes;

/// <summary>A hexagon nut: corners at distance 1, a round hole, the corners turned down by the usual chamfer.</summary>
internal sealed class Nut(Dice dice) : Shape
{
    private const double Apothem = 0.8660254037844386; // cos 30°: middle of a flat
    private readonly double _height = dice.Between(0.45, 0.7);
    private readonly double _hole = dice.Between(0.44, 0.54);
    private readonly double _collar = dice.Chance(0.25) ? 0.1 : 0; // a lock nut's raised ring

    public override double Height(double u, double v)
    {
        var radius = Math.Sqrt(u * u + v * v);
        var inside = Apothem - Math.Max(Math.Abs(v), Math.Max(Math.Abs(0.5 * v + Apothem * u), Math.Abs(0.5 * v - Apothem * u)));
        if (radius < _hole || inside < 0)
            return Nothing;
        var height = Bevel(_height, inside, 0.03);
        height -= 0.55 * Math.Max(0, radius - 0.86); // chamfer of the corners
        height -= 0.8 * Math.Max(0, _hole + 0.09 - radius); // countersink of the thread
        return radius < 0.74 ? height + _collar * Math.Clamp((0.74 - radius) / 0.05, 0, 1) : height;
    }
}
