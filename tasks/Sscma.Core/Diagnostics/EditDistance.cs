namespace Sscma.Diagnostics;

/// <summary>How far two words are apart: for "did you mean …?". The tasks compile this file too.</summary>
public static class EditDistance
{
    /// <summary>Letters to insert, delete or replace to make one word of the other (Levenshtein), by rows of the usual table.</summary>
    public static int Between(string from, string to)
    {
        var row = new int[to.Length + 1];
        for (var k = 0; k <= to.Length; k++)
            row[k] = k;
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var k = 1; k <= to.Length; k++)
            {
                var replaced = diagonal + (from[i - 1] == to[k - 1] ? 0 : 1);
                diagonal = row[k];
                row[k] = System.Math.Min(replaced, System.Math.Min(row[k], row[k - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
