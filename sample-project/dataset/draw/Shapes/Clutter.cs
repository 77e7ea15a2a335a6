namespace HardwareParts.Drawing.Shapes;

/// <summary>A coin: a disc with a rim and some relief; round like a washer, without a hole.</summary>
internal sealed class Coin(Dice dice) : Shape
{
    private readonly ulong _seed = dice.Next();

    public override double Height(double u, double v)
    {
        var radius = Math.Sqrt(u * u + v * v);
        var height = Bevel(0.16, 1 - radius, 0.05);
        if (radius < 0.85)
            height -= 0.05 - 0.09 * Math.Max(0, Noise.Cloud(u * 3.3, v * 3.3, 2, _seed) - 0.45);
        return height;
    }
}

/// <summary>A rubber ring: as round as a washer, but thin and of round section.</summary>
internal sealed class RubberRing(Dice dice) : Shape
{
    private readonly double _tube = dice.Between(0.07, 0.13);
    private readonly double _squash = dice.Between(0.75, 1);

    public override double Height(double u, double v)
    {
        var off = Math.Sqrt(u * u + v * v / (_squash * _squash)) - (1 - _tube);
        return Math.Abs(off) > _tube ? Nothing : _tube + Math.Sqrt(_tube * _tube - off * off);
    }
}

/// <summary>A pin, pencil or dowel: a shaft like a bolt's, without head or thread.</summary>
internal sealed class Rod(Dice dice) : Shape
{
    private readonly double _radius = dice.Between(0.07, 0.17);
    private readonly double _taper = dice.Chance(0.4) ? dice.Between(0.2, 0.5) : 0.02;

    public override double Reach => 1.02;

    public override double Height(double u, double v)
    {
        var radius = _radius * Math.Clamp((1 - Math.Abs(u)) / _taper, 0, 1);
        return Math.Abs(v) >= radius ? Nothing : _radius + Math.Sqrt(radius * radius - v * v);
    }
}

/// <summary>A cable: a tube along a parabola, long enough to leave the image.</summary>
internal sealed class Cable(Dice dice) : Shape
{
    private readonly double _bend = dice.Between(-0.8, 0.8);
    private readonly double _wave = dice.Between(0, 0.12);
    private readonly double _radius = dice.Between(0.02, 0.05);

    public override double Reach => 1.5;

    public override double Height(double u, double v)
    {
        if (Math.Abs(u) > 1.2)
            return Nothing;
        var middle = _bend * u * u + _wave * Math.Sin(7 * u);
        var slope = 2 * _bend * u + 7 * _wave * Math.Cos(7 * u);
        var off = (v - middle) / Math.Sqrt(1 + slope * slope);
        return Math.Abs(off) > _radius ? Nothing : _radius + Math.Sqrt(_radius * _radius - off * off);
    }
}

/// <summary>A square plate, with or without a hole: what is neither round nor six-cornered.</summary>
internal sealed class Plate(Dice dice) : Shape
{
    private readonly double _aspect = dice.Between(0.45, 1);
    private readonly double _hole = dice.Chance(0.5) ? dice.Between(0.15, 0.3) : 0;
    private readonly double _height = dice.Between(0.06, 0.35);

    public override double Reach => 1.42;

    public override double Height(double u, double v)
    {
        var toHole = _hole == 0 ? 1 : Math.Sqrt(u * u + v * v) - _hole;
        return Bevel(_height, Math.Min(InsideBox(u, v, 1, _aspect), toHole), 0.05);
    }
}

/// <summary>A tiler's spacer: a plastic cross.</summary>
internal sealed class Cross(Dice dice) : Shape
{
    private readonly double _arm = dice.Between(0.18, 0.3);

    public override double Reach => 1.1;

    public override double Height(double u, double v) =>
        Bevel(0.3, Math.Max(InsideBox(u, v, 1, _arm), InsideBox(u, v, _arm, 1)), 0.04);
}

/// <summary>A sheet of paper under the parts.</summary>
internal sealed class Sheet(Dice dice) : Shape
{
    private readonly double _aspect = dice.Between(0.6, 0.9);

    public override double Reach => 1.36;

    public override double Height(double u, double v) => InsideBox(u, v, 1, _aspect) < 0 ? Nothing : 0.004;
}
