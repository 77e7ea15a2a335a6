namespace HardwareParts.Drawing.Looks;

/// <summary>One lamp from one side, light from the room, and windows that polished metal mirrors.</summary>
internal sealed class Light
{
    private readonly double _bands;
    private readonly double _bandPhase;
    private readonly double _lampSize;

    public Light(Dice dice)
    {
        var azimuth = dice.Between(0, 2 * Math.PI);
        var elevation = dice.Between(0.65, 1.25);
        X = Math.Cos(azimuth) * Math.Cos(elevation);
        Y = Math.Sin(azimuth) * Math.Cos(elevation);
        Z = Math.Sin(elevation);
        Room = dice.Between(0.25, 0.6);
        Lamp = dice.Between(0.6, 1.1);
        Softness = dice.Between(0.1, 0.6);
        var warmth = dice.Between(-0.14, 0.14);
        Cast = new Rgb(1 + warmth, 1 + dice.Between(-0.03, 0.03), 1 - warmth);
        Exposure = Math.Exp(dice.Between(-0.45, 0.35));
        _bands = dice.Whole(2, 4);
        _bandPhase = dice.Between(0, 2 * Math.PI);
        _lampSize = dice.Between(0.75, 0.93);
    }

    /// <summary>Unit vector towards the lamp; z points to the camera.</summary>
    public double X { get; }

    public double Y { get; }

    public double Z { get; }

    /// <summary>Strength of the light from everywhere.</summary>
    public double Room { get; }

    /// <summary>Strength of the lamp.</summary>
    public double Lamp { get; }

    /// <summary>Width of the shadows' borders.</summary>
    public double Softness { get; }

    /// <summary>Colour of it all.</summary>
    public Rgb Cast { get; }

    public double Exposure { get; }

    /// <summary>What a mirror sees in a direction: floor dark, ceiling light, windows around, the lamp.</summary>
    public double Surroundings(double x, double y, double z, double gloss)
    {
        var windows = 0.5 + 0.5 * Math.Sin(_bands * Math.Atan2(y, x) + _bandPhase);
        var low = Math.Sqrt(Math.Max(0, 1 - z * z));
        var room = 0.35 + 0.4 * z + 0.55 * low * (windows - 0.35);
        var toLamp = x * X + y * Y + z * Z;
        var lamp = toLamp <= 0 ? 0 : Math.Pow(toLamp, 6 + 90 * gloss * _lampSize) * (0.8 + 1.8 * gloss);
        return Room * 1.3 * Math.Max(0.05, room) + Lamp * (0.25 * Math.Max(0, toLamp) + lamp);
    }
}
