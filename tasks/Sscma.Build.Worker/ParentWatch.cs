using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

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
        var parent = Identity(processId);
        var thread = new Thread(() =>
        {
            while (parent is not null && Identity(processId) == parent)
                Thread.Sleep(Interval);
            gone();
        })
        {
            IsBackground = true,
            Name = "parent watch",
        };
        thread.Start();
    }

    /// <summary>When the process started, as the system writes it; null when it has ended.</summary>
    private static string? Identity(int processId)
    {
        try
        {
            return OperatingSystem.IsLinux() ? IdentityOnLinux(processId) : IdentityElsewhere(processId);
        }
        catch (Exception ended) when (ended is IOException or ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>
    /// From /proc: a process that was killed and that nobody has waited for yet (a zombie) still has a number and a start time,
    /// and is as good as gone.
    /// </summary>
    private static string? IdentityOnLinux(int processId)
    {
        // "pid (name) state ppid …": the name may hold anything, so fields are counted after its last bracket.
        var text = File.ReadAllText($"/proc/{processId}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        const int State = 0, StartTime = 19;
        return fields[State] is "Z" or "X" ? null : fields[StartTime];
    }

    private static string? IdentityElsewhere(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.HasExited ? null : process.StartTime.Ticks.ToString(CultureInfo.InvariantCulture);
    }
}
