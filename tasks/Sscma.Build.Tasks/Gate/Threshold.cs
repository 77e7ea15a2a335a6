using System.Globalization;

namespace Sscma.Build.Tasks.Gate;

/// <summary>What a metric must reach.</summary>
internal static class Threshold
{
    /// <summary>A number from 0 to 1, or null if the text is none.</summary>
    public static double? Parse(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && value >= 0 && value <= 1 ? value : null;
}
