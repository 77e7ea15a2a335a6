using System.ComponentModel;
using System.Diagnostics;

namespace Sscma.Build.Worker;

/// <summary>
/// Ends the worker when the build is gone. Ctrl+C ends both, but a build that gets SIGTERM or SIGKILL cannot tell its children,
/// and a training without a build would run for hours for nobody.
/// </summary>
internal static class ParentWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Calls <paramref name="gone"/> once, from a background thread, when the process has ended.
    /// A number that the system gives to another process later is told apart by its start time.
    /// </summary>
    public static void Start(int processId, Action gone)
    {
        var started = StartTime(processId);
        var thread = new Thread(() =>
        {
            while (started is not null && StartTime(processId) == started)
                Thread.Sleep(Interval);
            gone();
        })
        {
            IsBackground = true,
            Name = "parent watch",
        };
        thread.Start();
    }

    private static DateTime? StartTime(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.HasExited ? null : process.StartTime;
        }
        catch (Exception ended) when (ended is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
