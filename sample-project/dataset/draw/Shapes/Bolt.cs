namespace HardwareParts.Drawing.Shapes;

/// <summary>A hexagon bolt lying on its side along u: head from u = −1, shaft to u = 1, thread over part of the shaft.</summary>
internal sealed class Bolt : Shape
{
    private readonly double _headEnd;
    private readonly double _headRadius;
    private readonly double _shaftRadius;
    private readonly double _threadStart;
    private readonly double _pitch;
    private readonly double _flange;

    public Bolt(Dice dice)
    {
        _shaftRadius = dice.Between(0.19, 0.3);
        _headRadius = _shaftRadius * dice.Between(1.75, 2.05);
        _headEnd = -1 + _shaftRadius * dice.Between(1.2, 1.6);
        _threadStart = dice.Chance(0.5) ? _headEnd : dice.Between(_headEnd, 0.3);
        _pitch = _shaftRadius * dice.Between(0.42, 0.6);
        _flange = dice.Chance(0.3) ? _shaftRadius * 0.35 : 0;
    }

    public override double Reach => Math.Sqrt(1 + _headRadius * _headRadius * 1.4);

    public override double Height(double u, double v)
    {
        if (u < -1 || u > 1)
            return Nothing;
        if (u < _headEnd)
            return Head(u, v);
        return u < _headEnd + _flange ? Round(v, _headRadius * 1.15) : Shaft(u, v);
    }

    // The head rests on a flat: one flat on top, two falling away at 60 degrees to the widest place.
    private double Head(double u, double v)
    {
        var across = Math.Abs(v);
        if (across > _headRadius)
            return Nothing;
        var slope = Math.Max(0, across - _headRadius / 2) * 1.7320508075688772;
        var chamfer = 0.6 * Math.Max(0, across / _headRadius * 0.06 + 0.06 - (u + 1));
        return 1.8 * _headRadius - slope - chamfer;
    }

    private double Shaft(double u, double v)
    {
        var radius = _shaftRadius;
        if (u > _threadStart)
        {
            var phase = (u + 0.22 * v) / _pitch;
            radius -= 0.3 * _pitch * Math.Abs(phase - Math.Floor(phase) - 0.5) * 2;
        }

        radius -= 0.7 * Math.Max(0, u - 1 + 0.35 * _shaftRadius); // the tip is chamfered
        return Round(v, radius);
    }

    // A cylinder whose axis is as high as the head's.
    private double Round(double v, double radius) =>
        Math.Abs(v) > radius ? Nothing : 0.87 * _headRadius + Math.Sqrt(radius * radius - v * v);
}
