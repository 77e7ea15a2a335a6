using Sscma.Diagnostics;

namespace Sscma.Training.Configuration;

/// <summary>Finds what somebody probably meant.</summary>
internal static class NearestWord
{
    /// <summary>The candidate that takes the fewest edits; of equals the first in ordinal order.</summary>
    public static string Of(string word, IEnumerable<string> candidates) =>
        candidates.Order(StringComparer.Ordinal).MinBy(candidate => Math.Min(EditDistance.Between(word, candidate), EditDistance.Between(Last(word), Last(candidate)) + 1))!;

    // "lr" is as near to "optim.lr" as a wrong section is: the last part counts by itself as well.
    private static string Last(string key) => key[(key.LastIndexOf('.') + 1)..];
}
