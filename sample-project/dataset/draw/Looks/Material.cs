namespace HardwareParts.Drawing.Looks;

/// <summary>What a thing is made of: its colour at a point, and how it answers the light.</summary>
/// <param name="Colour">Base colour in linear light.</param>
/// <param name="Metal">True when it mirrors its surroundings in its own colour.</param>
/// <param name="Gloss">0 is dull, 1 is polished.</param>
/// <param name="Wear">How much stains and scratches change the colour.</param>
/// <param name="Seed">Makes the wear of two things differ.</param>
internal sealed record Material(Rgb Colour, bool Metal, double Gloss, double Wear, ulong Seed)
{
    /// <summary>True for printed paper: lines of text, seen from afar.</summary>
    public bool Printed { get; init; }

    public static Rgb BlueZinc { get; } = Rgb.Screen(196, 204, 214);

    public static Rgb YellowZinc { get; } = Rgb.Screen(208, 190, 140);

    public static Rgb BlackOxide { get; } = Rgb.Screen(92, 94, 100);

    /// <summary>What bolts, nuts and washers are sold in: steel, zinc, brass, copper.</summary>
    public static Rgb[] Finishes { get; } =
    [
        Rgb.Screen(176, 180, 186), BlueZinc, YellowZinc, Rgb.Screen(206, 170, 96), Rgb.Screen(196, 132, 104), BlackOxide,
    ];

    /// <summary>Colour at a point of the thing; <paramref name="u"/> and <paramref name="v"/> are relative to its radius.</summary>
    public Rgb At(double u, double v)
    {
        var stain = Noise.Cloud(2.5 * u + 11, 2.5 * v, 3, Seed) - 0.5;
        var brush = Noise.Value(3 * u, 40 * v, Seed + 9) - 0.5;
        var colour = Colour * (1 + Wear * (1.2 * stain + 0.5 * brush));
        return Printed && IsInk(u, v) ? colour * 0.35 : colour;
    }

    /// <summary>A metal thing with some finish: more or less bright, polished and worn.</summary>
    public static Material Hardware(Dice dice, Rgb finish) =>
        new(finish * dice.Between(0.8, 1.15), Metal: true, dice.Between(0.25, 0.85), dice.Between(0.05, 0.5), dice.Next());

    /// <summary>Plastic, rubber, wood or paint in some colour.</summary>
    public static Material Dull(Dice dice)
    {
        var colour = Rgb.Screen(dice.Whole(30, 230), dice.Whole(30, 230), dice.Whole(30, 230));
        return new Material(colour, Metal: false, dice.Between(0, 0.7), dice.Between(0.05, 0.4), dice.Next());
    }

    public static Material Rubber(Dice dice)
    {
        var colour = dice.Pick(Rgb.Screen(38, 38, 40), Rgb.Screen(38, 38, 40), Rgb.Screen(150, 48, 36), Rgb.Screen(60, 110, 70));
        return new Material(colour, Metal: false, dice.Between(0.1, 0.4), 0.2, dice.Next());
    }

    public static Material Paper(Dice dice) =>
        new(Rgb.Screen(236, 234, 226) * dice.Between(0.75, 1), Metal: false, 0, 0.06, dice.Next()) { Printed = dice.Chance(0.8) };

    private bool IsInk(double u, double v)
    {
        var line = v * 11;
        var (row, within) = (Math.Floor(line), line - Math.Floor(line));
        return within is > 0.35 and < 0.7 && Math.Abs(u) < 0.82
            && Noise.Value(u * 26, row * 7.3, Seed) > 0.42;
    }
}
