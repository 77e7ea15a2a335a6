using Sscma.Diagnostics;

namespace Sscma.Coco;

/// <summary>Finds what somebody probably meant.</summary>
internal static class NearestWord
{
    /// <summary>The candidate that takes the fewest edits, of equals the first in ordinal order; null when more than a third of its letters would change.</summary>
    public static string? Of(string word, IEnumerable<string> candidates) => candidates
        .Where(candidate => EditDistance.Between(word.ToUpperInvariant(), candidate.ToUpperInvariant()) <= Math.Max(1, candidate.Length / 3))
        .Order(StringComparer.Ordinal)
        .MinBy(candidate => EditDistance.Between(word.ToUpperInvariant(), candidate.ToUpperInvariant()));
}
