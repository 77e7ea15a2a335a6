using System;
using System.Globalization;
using System.Linq;

namespace Sscma.Build.Tasks.Models;

/// <summary>Sizes as users write them: bytes, or a number with a unit. KB is 1000 bytes, KiB 1024.</summary>
internal static class ByteSize
{
    private static readonly string[] Units = { "B", "KB", "MB", "GB", "TB" };
    private static readonly string[] BinaryUnits = { "B", "KIB", "MIB", "GIB", "TIB" };

    /// <summary>The bytes, or null if the text is no size.</summary>
    public static long? Parse(string written)
    {
        var text = written.Trim().ToUpperInvariant();
        var digits = new string(text.TakeWhile(letter => char.IsDigit(letter) || letter == '.').ToArray());
        var unit = text.Substring(digits.Length).Trim();
        if (unit.Length == 0)
            unit = "B";
        var factor = Array.IndexOf(Units, unit) is >= 0 and var power ? Math.Pow(1000, power)
            : Array.IndexOf(BinaryUnits, unit) is >= 0 and var binary ? Math.Pow(1024, binary)
            : double.NaN;
        // A comparison with no number is false.
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * factor < long.MaxValue
            ? (long)(number * factor)
            : null;
    }

    /// <summary>A size for people.</summary>
    public static string Text(long bytes) => string.Format(CultureInfo.InvariantCulture, "{0} bytes ({1:F1} KiB)", bytes, bytes / 1024.0);
}
