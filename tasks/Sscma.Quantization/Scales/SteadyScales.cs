using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Scales;

/// <summary>
/// Chooses scales of activations so that sums, products and means are rounded alike by every runtime; see <see cref="SteadySteps"/>. Scales become a
/// percent or two coarser for it. Where other values hold a scale in place, it stays as it is: then runtimes may differ by a step there.
/// </summary>
internal sealed class SteadyScales
{
    /// <summary>Of a sum, this is far enough from a tie for every runtime, in steps of the result.</summary>
    private const double Margin = 2.5e-4;

    /// <summary>Steps of the coarser operand for which the result's scale is fitted: half a percent.</summary>
    private const int Fine = 128;

    /// <summary>More steps of an operand leave less than the margin.</summary>
    private const int Finest = 700;

    private readonly ScaleGroups _groups;

    private SteadyScales(ScaleGroups groups) => _groups = groups;

    /// <summary>Settles the scales of a network's results, in the order in which they are made.</summary>
    public static void Settle(Network network, ScaleGroups groups)
    {
        var scales = new SteadyScales(groups);
        foreach (var layer in network.Layers)
        {
            switch (layer)
            {
                case MulLayer mul:
                    scales.Product(mul);
                    break;
                case MeanLayer mean:
                    scales.Mean(mean);
                    break;
                case AddLayer or SubLayer:
                    scales.Sum(layer.Inputs[0], layer.Inputs[1], layer.Output);
                    break;
            }
        }
    }

    private void Product(MulLayer layer)
    {
        var unit = (double)_groups.Settled(layer.Inputs[0]) * _groups.Settled(layer.Inputs[1]);
        if (_groups.IsSettled(layer.Output))
            return;
        // Some runtimes add the zero point, 0 to 255, before they round: a float holds the less behind the point.
        var zero = _groups.CodesOf(layer.Output).ZeroPoint + 128;
        var trifle = Math.Max(SteadySteps.Trifle, 2.0 * (MathF.BitIncrement(zero) - zero));
        if (SteadySteps.Above(_groups.CodesOf(layer.Output).Scale / unit, SteadySteps.Lift, trifle) is { } units)
            _groups.Settle(layer.Output, SteadySteps.Down(unit * units / (1 + trifle)));
    }

    private void Mean(MeanLayer layer)
    {
        var count = layer.Axes.Aggregate(1, (product, axis) => product * layer.Input.Shape[axis]);
        var unit = _groups.Settled(layer.Input) / (double)count;
        if (_groups.IsSettled(layer.Output))
            return;
        if (SteadySteps.Above(_groups.CodesOf(layer.Output).Scale / unit, units => SteadySteps.LiftOfMean(units, count)) is { } units)
            _groups.Settle(layer.Output, SteadySteps.Down(unit * units / (1 + SteadySteps.Trifle)));
    }

    /// <summary>
    /// A step of the result is an odd number of units, a step of each operand a whole number of them: then no sum lies on a tie or nearer to one than
    /// half a unit.
    /// </summary>
    private void Sum(Value a, Value b, Value result)
    {
        // The operand that may be fitted is fitted to the other.
        var (first, second) = _groups.IsSettled(a) || !_groups.IsSettled(b) ? (a, b) : (b, a);
        var scale = (double)_groups.Settled(first);
        if (_groups.IsSettled(second))
        {
            if (!_groups.IsSettled(result) && Common(scale, _groups.Settled(second), _groups.CodesOf(result).Scale) is { } common)
                _groups.Settle(result, common);
            return;
        }

        int? units;
        if (_groups.IsSettled(result))
        {
            units = Odd(scale / _groups.Settled(result));
        }
        else
        {
            var wanted = _groups.CodesOf(result).Scale;
            var steps = (int)Math.Ceiling(Fine * Math.Max(1, scale / wanted));
            units = (int)Math.Ceiling(wanted * steps / scale) | 1;
            _groups.Settle(result, (float)(scale * units.Value / steps));
        }

        var settled = (double)_groups.Settled(result);
        if (units is { } each)
            _groups.Settle(second, (float)(settled / each * Math.Ceiling(_groups.CodesOf(second).Scale / settled * each)));
    }

    /// <summary>A scale not below the wanted one that fits two operands as they are; null if none was found.</summary>
    private static float? Common(double a, double b, double wanted)
    {
        var (coarse, fine) = (Math.Max(a, b), Math.Min(a, b));
        for (var steps = Fine / 4; steps <= Finest; steps++)
        {
            var units = (int)Math.Ceiling(wanted * steps / coarse) | 1;
            if (coarse * units / steps <= wanted * (1 + (2.0 / Fine)) && IsClear(fine / coarse * steps, units))
                return (float)(coarse * units / steps);
        }

        return null;
    }

    /// <summary>An odd number of units of a result of which an operand's step is nearly a whole number; null if there is none.</summary>
    private static int? Odd(double ratio)
    {
        for (var units = Fine - 1; units <= Finest; units += 2)
        {
            if (IsClear(ratio * units, units))
                return units;
        }

        return null;
    }

    /// <summary>Whether 255 steps of an operand stay so near to whole units that half a unit, which is left to a tie, is not used up.</summary>
    private static bool IsClear(double step, int units) => 0.5 - (255 * Math.Abs(step - Math.Round(step))) >= Margin * units;
}
