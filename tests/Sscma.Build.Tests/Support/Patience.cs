using System.Diagnostics;

namespace Sscma.Build.Tests.Support;

/// <summary>Waiting for other processes on machines that are busy.</summary>
internal static class Patience
{
    /// <summary>How long to wait at most.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>Waits for a condition; false when it did not come true within the limit.</summary>
    public static bool Until(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Limit)
        {
            if (condition())
                return true;
            Thread.Sleep(100);
        }

        return false;
    }
}
