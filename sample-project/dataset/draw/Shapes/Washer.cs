namespace HardwareParts.Drawing.Shapes;

/// <summary>A flat washer: a thin ring with softened edges.</summary>
internal sealed class Washer(Dice dice) : Shape
{
    private readonly double _height = dice.Between(0.12, 0.2);
    private readonly double _hole = dice.Between(0.4, 0.56);

    public override double Height(double u, double v)
    {
        var radius = Math.Sqrt(u * u + v * v);
        return Bevel(_height, Math.Min(1 - radius, radius - _hole), 0.06);
    }
}
