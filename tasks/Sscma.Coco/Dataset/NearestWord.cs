namespace Sscma.Coco;

/// <summary>Finds what somebody probably meant.</summary>
internal static class NearestWord
{
    /// <summary>The candidate that takes the fewest edits, of equals the first in ordinal order; null when more than a third of its letters would change.</summary>
    public static string? Of(string word, IEnumerable<string> candidates) => candidates
        .Where(candidate => Edits(word.ToUpperInvariant(), candidate.ToUpperInvariant()) <= Math.Max(1, candidate.Length / 3))
        .Order(StringComparer.Ordinal)
        .MinBy(candidate => Edits(word.ToUpperInvariant(), candidate.ToUpperInvariant()));

    /// <summary>Letters to insert, delete or replace (Levenshtein distance).</summary>
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var k = 1; k <= to.Length; k++)
            {
                var replaced = diagonal + (from[i - 1] == to[k - 1] ? 0 : 1);
                diagonal = row[k];
                row[k] = Math.Min(replaced, Math.Min(row[k], row[k - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
