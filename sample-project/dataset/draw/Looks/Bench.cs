namespace HardwareParts.Drawing.Looks;

/// <summary>The surface that everything lies on.</summary>
internal abstract class Bench(Dice dice)
{
    private readonly Scratch[] _scratches = [.. Enumerable.Range(0, dice.Whole(0, 14)).Select(_ => new Scratch(dice))];

    protected ulong Seed { get; } = dice.Next();

    /// <summary>Direction of the grain.</summary>
    protected double Turn { get; } = dice.Between(0, Math.PI);

    /// <summary>Colour in linear light at a point, in pixels of the finished image.</summary>
    public Rgb At(double x, double y)
    {
        var (sin, cos) = Math.SinCos(Turn);
        var colour = Plain(cos * x + sin * y, cos * y - sin * x);
        foreach (var scratch in _scratches)
            colour *= scratch.Factor(x, y);
        return colour;
    }

    public static Bench Any(Dice dice) => dice.Whole(0, 5) switch
    {
        0 => new Wood(dice),
        1 => new Mat(dice),
        2 => new SheetMetal(dice),
        3 => new Cardboard(dice),
        4 => new Cloth(dice),
        _ => new Concrete(dice),
    };

    /// <summary>Colour without scratches; <paramref name="x"/> runs along the grain.</summary>
    protected abstract Rgb Plain(double x, double y);

    private sealed class Scratch(Dice dice)
    {
        private readonly double _x = dice.Between(0, 192);
        private readonly double _y = dice.Between(0, 192);
        private readonly double _turn = dice.Between(0, Math.PI);
        private readonly double _half = dice.Between(4, 45);
        private readonly double _width = dice.Between(0.3, 0.9);
        private readonly double _factor = dice.Chance(0.6) ? dice.Between(0.55, 0.9) : dice.Between(1.1, 1.5);

        public double Factor(double x, double y)
        {
            var (sin, cos) = Math.SinCos(_turn);
            var along = Math.Abs(cos * (x - _x) + sin * (y - _y));
            var off = Math.Abs(cos * (y - _y) - sin * (x - _x));
            return along < _half && off < _width ? _factor : 1;
        }
    }

    private sealed class Wood(Dice dice) : Bench(dice)
    {
        private readonly Rgb _light = dice.Pick(Rgb.Screen(205, 170, 125), Rgb.Screen(170, 125, 85), Rgb.Screen(120, 84, 58));
        private readonly double _plank = dice.Between(40, 120);

        protected override Rgb Plain(double x, double y)
        {
            var plank = Math.Floor(y / _plank);
            var ring = y * 0.16 + 3 * Noise.Cloud(x * 0.012 + 31 * plank, y * 0.05, 3, Seed);
            var vein = 0.5 + 0.5 * Math.Sin(2 * Math.PI * ring);
            var fibre = Noise.Value(x * 0.08, y * 1.4, Seed + 5);
            var seam = y - plank * _plank < 1 ? 0.5 : 1;
            return _light * (0.62 + 0.28 * vein + 0.3 * fibre) * seam;
        }
    }

    private sealed class Mat(Dice dice) : Bench(dice)
    {
        private readonly Rgb _colour = dice.Pick(
            Rgb.Screen(40, 104, 84), Rgb.Screen(44, 74, 120), Rgb.Screen(58, 60, 64), Rgb.Screen(120, 46, 52));

        private readonly double _cell = dice.Between(18, 40);

        protected override Rgb Plain(double x, double y)
        {
            var line = Math.Min(ToLine(x), ToLine(y)) < 0.5 ? 1.8 : 1;
            return _colour * (0.85 + 0.3 * Noise.Cloud(x * 0.3, y * 0.3, 2, Seed)) * line;
        }

        private double ToLine(double t) => Math.Abs(t - Math.Round(t / _cell) * _cell);
    }

    private sealed class SheetMetal(Dice dice) : Bench(dice)
    {
        private readonly Rgb _colour = Rgb.Screen(150, 152, 156) * dice.Between(0.5, 1.2);

        protected override Rgb Plain(double x, double y) =>
            _colour * (0.7 + 0.35 * Noise.Value(x * 0.02, y * 0.9, Seed) + 0.3 * Noise.Cloud(x * 0.02, y * 0.02, 3, Seed + 4));
    }

    private sealed class Cardboard(Dice dice) : Bench(dice)
    {
        private readonly Rgb _colour = dice.Pick(Rgb.Screen(188, 152, 112), Rgb.Screen(222, 218, 208));

        protected override Rgb Plain(double x, double y)
        {
            var speck = Noise.Value(x * 0.7, y * 0.7, Seed) > 0.86 ? 0.75 : 1;
            return _colour * (0.85 + 0.2 * Noise.Cloud(x * 0.1, y * 0.25, 3, Seed + 3) + 0.06 * Math.Sin(y * 0.9)) * speck;
        }
    }

    private sealed class Cloth(Dice dice) : Bench(dice)
    {
        private readonly Rgb _colour = Rgb.Screen(dice.Whole(50, 200), dice.Whole(50, 200), dice.Whole(50, 200));

        protected override Rgb Plain(double x, double y)
        {
            var weave = Math.Sin(1.7 * x) * Math.Sin(1.7 * y);
            var fold = Noise.Cloud(x * 0.018, y * 0.018, 2, Seed);
            return _colour * (0.55 + 0.7 * fold + 0.14 * weave);
        }
    }

    private sealed class Concrete(Dice dice) : Bench(dice)
    {
        private readonly Rgb _colour = Rgb.Screen(150, 146, 140) * dice.Between(0.5, 1.2);

        protected override Rgb Plain(double x, double y)
        {
            var pore = Noise.Value(x * 0.35, y * 0.35, Seed + 8) < 0.12 ? 0.6 : 1;
            return _colour * (0.6 + 0.8 * Noise.Cloud(x * 0.05, y * 0.05, 5, Seed)) * pore;
        }
    }
}
