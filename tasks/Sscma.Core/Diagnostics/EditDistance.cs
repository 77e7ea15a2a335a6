#pragma warning disable IDE0005 // this project has implicit usings, the tasks have not
using System;
using System.Collections.Generic;
using System.Linq;

namespace Sscma.Diagnostics;

/// <summary>How far two words are apart: for "did you mean …?". The tasks compile this file too.</summary>
public static class EditDistance
{
    /// <summary>
    /// The word that somebody most likely meant, upper and lower case being the same: the nearest, of equals the first in ordinal order; null when
    /// more than a third of its letters would have to change.
    /// </summary>
    public static string? Nearest(string written, IEnumerable<string> known) => known
        .Select(word => (Word: word, Distance: Between(written.ToUpperInvariant(), word.ToUpperInvariant())))
        .Where(candidate => candidate.Distance <= Math.Max(1, candidate.Word.Length / 3))
        .OrderBy(candidate => candidate.Distance)
        .ThenBy(candidate => candidate.Word, StringComparer.Ordinal)
        .Select(candidate => candidate.Word)
        .FirstOrDefault();

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
                row[k] = Math.Min(replaced, Math.Min(row[k], row[k - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
