using HardwareParts.Drawing.Looks;

namespace HardwareParts.Drawing;

/// <summary>What lies on the bench, from below to above, and the light on it.</summary>
internal sealed class Scene
{
    /// <summary>
    /// The least share of a part that must be seen. With less of it even a person guesses,
    /// and a guess is neither to be learned nor to be scored.
    /// </summary>
    private const double LeastVisible = 0.8;

    private readonly List<Item> _items = [];
    private readonly int _side;

    public Scene(Dice dice, int side)
    {
        _side = side;
        Bench = Bench.Any(dice);
        Light = new Light(dice);
        if (dice.Chance(0.3))
            Add(Parts.Paper(dice, side));
        var parts = dice.Whole(2, 5);
        var clutter = dice.Whole(0, 3);
        while (parts + clutter > 0)
        {
            var isPart = dice.Unit() * (parts + clutter) < parts;
            if (!Add(isPart ? Parts.Part(dice, side) : Parts.Clutter(dice, side)))
                continue;
            if (isPart)
                parts--;
            else
                clutter--;
        }
    }

    public Bench Bench { get; }

    public Light Light { get; }

    public IReadOnlyList<Item> Items => _items;

    /// <summary>Lays a thing on top of the others, unless that would hide a part: then it is another place's turn.</summary>
    private bool Add(Item item)
    {
        var below = HeightBelow(item);
        _items.Add(item with { Base = below });
        if (VisibleShares().All(share => share >= LeastVisible))
            return true;
        _items.RemoveAt(_items.Count - 1);
        return false;
    }

    private double HeightBelow(Item item)
    {
        var highest = 0.0;
        foreach (var (x, y) in Points(item))
        {
            foreach (var other in _items)
            {
                var (u, v) = other.Local(x, y);
                if (other.Shape.Height(u, v) is var height && height >= 0)
                    highest = Math.Max(highest, other.Base + 0.8 * height * other.Radius);
            }
        }

        return highest;
    }

    /// <summary>For every part: seen points over all its points, those beyond the image's border included.</summary>
    private IEnumerable<double> VisibleShares()
    {
        for (var index = 0; index < _items.Count; index++)
        {
            if (_items[index].Kind is null)
                continue;
            var (all, seen) = (0, 0);
            foreach (var (x, y) in Points(_items[index]))
            {
                all++;
                if (x >= 0 && y >= 0 && x < _side && y < _side && !IsCovered(index, x, y))
                    seen++;
            }

            yield return all == 0 ? 0 : (double)seen / all;
        }
    }

    private bool IsCovered(int index, double x, double y)
    {
        for (var above = index + 1; above < _items.Count; above++)
        {
            var (u, v) = _items[above].Local(x, y);
            if (_items[above].Shape.Height(u, v) >= 0)
                return true;
        }

        return false;
    }

    // Every pixel's middle that the item covers.
    private static IEnumerable<(double X, double Y)> Points(Item item)
    {
        for (var y = Math.Floor(item.Y - item.Reach) + 0.5; y < item.Y + item.Reach; y++)
        {
            for (var x = Math.Floor(item.X - item.Reach) + 0.5; x < item.X + item.Reach; x++)
            {
                var (u, v) = item.Local(x, y);
                if (item.Shape.Height(u, v) >= 0)
                    yield return (x, y);
            }
        }
    }
}
