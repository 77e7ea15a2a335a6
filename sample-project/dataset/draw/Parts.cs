using HardwareParts.Drawing.Looks;
using HardwareParts.Drawing.Shapes;

namespace HardwareParts.Drawing;

/// <summary>The three classes, and everything that must not be taken for them.</summary>
internal static class Parts
{
    public static readonly string[] Names = ["bolt", "nut", "washer"];

    private static readonly Rgb[] Usual = [Material.BlackOxide, Material.BlueZinc, Material.YellowZinc];

    public static Item Part(Dice dice, int side)
    {
        var kind = dice.Whole(0, 2);
        Shape shape = kind switch { 0 => new Bolt(dice), 1 => new Nut(dice), _ => new Washer(dice) };
        // Bolts are long: at the same radius they would be the smallest things of all.
        var radius = kind == 0 ? dice.Between(24, 40) : dice.Between(17, 30);
        // As in a drawer of one workshop: every class has its usual finish, and exceptions.
        var finish = dice.Chance(0.75) ? Usual[kind] : dice.Pick<Rgb>(Material.Finishes);
        return Place(dice, side, kind, shape, Material.Hardware(dice, finish), radius);
    }

    public static Item Clutter(Dice dice, int side)
    {
        var choice = dice.Whole(0, 7);
        return choice switch
        {
            0 => Place(dice, side, null, new Coin(dice), Material.Hardware(dice, dice.Pick<Rgb>(Material.Finishes)), dice.Between(12, 22)),
            1 => Place(dice, side, null, new RubberRing(dice), Material.Rubber(dice), dice.Between(12, 26)),
            2 => Place(dice, side, null, new Rod(dice), Material.Hardware(dice, dice.Pick<Rgb>(Material.Finishes)), dice.Between(18, 40)),
            3 => Place(dice, side, null, new Rod(dice), Material.Dull(dice), dice.Between(25, 70)),
            4 => Place(dice, side, null, new Cable(dice), Material.Dull(dice), dice.Between(60, 130)),
            5 => Place(dice, side, null, new Plate(dice), dice.Chance(0.5) ? Material.Dull(dice) : Material.Hardware(dice, dice.Pick<Rgb>(Material.Finishes)), dice.Between(8, 20)),
            6 => Place(dice, side, null, new Cross(dice), Material.Dull(dice), dice.Between(9, 18)),
            _ => Place(dice, side, null, new Coin(dice), Material.Dull(dice), dice.Between(6, 18)),
        };
    }

    public static Item Paper(Dice dice, int side) =>
        Place(dice, side, null, new Sheet(dice), Material.Paper(dice), dice.Between(40, 110));

    private static Item Place(Dice dice, int side, int? kind, Shape shape, Material material, double radius) =>
        new(kind, shape, material, dice.Between(0, side), dice.Between(0, side), radius, dice.Between(0, 2 * Math.PI));
}
