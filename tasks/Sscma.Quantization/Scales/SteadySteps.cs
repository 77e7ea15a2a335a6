using System.Numerics;

namespace Sscma.Quantization.Scales;

/// <summary>
/// How many units of a sum make one step of a result so that every runtime rounds every sum to the same code. TensorFlow Lite Micro rounds twice,
/// others once, in integers or in floats, halves up, away from zero or to even; with most numbers of units they disagree on one sum in a few hundred,
/// and a deep network makes much of little.
/// <para>
/// With R units to a step the code changes at the sums (k + 1/2) R. If R is an even whole number, these are whole numbers themselves. A factor that is a
/// trifle greater than 1 / R lifts them above the tie, by more than a float can lose, so that every single rounding takes them up. The first of two
/// roundings lifts all sums besides, by less than one unit: by R / 2^n, n being the digits that it keeps. No other sum gets to the tie, as long as
/// this lift and the trifle, which grows with k, stay below one unit together.
/// </para>
/// </summary>
internal static class SteadySteps
{
    /// <summary>What the factor is greater by, relatively, at least: a product of three floats errs by at most 3 · 2^-24.</summary>
    public const double Trifle = 1.0 / (1 << 22);

    /// <summary>Codes are at most so many steps away from zero.</summary>
    private const double MostSteps = 255.5;

    /// <summary>With more units the lift leaves no room for the trifle.</summary>
    private const int Most = 4690;

    /// <summary>Fewer are too far from their neighbours.</summary>
    private const int Least = 6;

    /// <summary>The scale of an activation is not made coarser than by this. Only means of small images have steady numbers that lie so far apart.</summary>
    private const double CoarsestActivation = 1.4;

    /// <summary>The scale of weights is not made coarser than by this, unless so many units are left that no coarseness is felt.</summary>
    private const double CoarsestWeights = 1.25;

    private const int Plenty = 256;

    /// <summary>The greatest steady number of units that is not above the given one; null if there is none, or none near it.</summary>
    public static int? Below(double units)
    {
        for (var steady = (int)Math.Min(units, Most) & ~1; steady >= Least; steady -= 2)
        {
            if (IsSteady(steady, Lift(steady), Trifle))
                return units / steady <= CoarsestWeights || steady >= Plenty ? steady : null;
        }

        return null;
    }

    /// <summary>The least steady number of units that is not below the given one; null if there is none near it.</summary>
    /// <param name="units">The number.</param>
    /// <param name="lift">The lift of the first rounding for a number of units, in units.</param>
    /// <param name="trifle">What the factor is greater by.</param>
    public static int? Above(double units, Func<int, double> lift, double trifle = Trifle)
    {
        for (var steady = Math.Max(Least, ((int)Math.Ceiling(Math.Min(units, Most)) + 1) & ~1); steady <= Math.Min(Most, units * CoarsestActivation); steady += 2)
        {
            if (IsSteady(steady, lift(steady), trifle))
                return steady;
        }

        return null;
    }

    /// <summary>The lift where the factor itself is normalized: as for convolutions and products.</summary>
    public static double Lift(int units) => units / (double)BitOperations.RoundUpToPowerOf2((uint)units);

    /// <summary>The lift of a mean: the factor of the scales is normalized, then divided by the count.</summary>
    public static double LiftOfMean(int units, int count) => Math.ScaleB(units, Math.ILogB((double)count / units) - BitOperations.Log2((uint)count));

    /// <summary>The smallest float that is not below a number.</summary>
    public static float Up(double value) => (float)value >= value ? (float)value : MathF.BitIncrement((float)value);

    /// <summary>The greatest float that is not above a number.</summary>
    public static float Down(double value) => (float)value <= value ? (float)value : MathF.BitDecrement((float)value);

    // The float that carries the factor is up to 2^-23 beyond the trifle.
    private static bool IsSteady(int units, double lift, double trifle) => lift + (MostSteps * units * (trifle + (Trifle / 2))) < 0.999;
}
