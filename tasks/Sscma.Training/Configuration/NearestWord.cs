namespace Sscma.Training.Configuration;

/// <summary>Finds what somebody probably meant.</summary>
internal static class NearestWord
{
    /// <summary>The candidate that takes the fewest edits; of equals the first in ordinal order.</summary>
    public static string Of(string word, IEnumerable<string> candidates) =>
        candidates.Order(StringComparer.Ordinal).MinBy(candidate => Math.Min(Edits(word, candidate), Edits(Last(word), Last(candidate)) + 1))!;

    // "lr" is as near to "optim.lr" as a wrong section is: the last part counts by itself as well.
    private static string Last(string key) => key[(key.LastIndexOf('.') + 1)..];

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
