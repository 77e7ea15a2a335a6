using System.Diagnostics;
using System.Runtime.InteropServices;
using Sscma.Diagnostics;

namespace Sscma.Build.Worker;

/// <summary>
/// Runs one verb for one task: reads the options, watches the build that started it, and turns every end into an exit code
/// and at most the diagnostics that the verb reported.
/// </summary>
internal static class WorkerHost
{
    private const int Succeeded = 0;
    private const int UserError = 1;
    private const int InternalError = 2;
    private const int Cancelled = 130;

    /// <summary>How long a verb may take to stop by itself before the process is ended.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Runs the verb that the command line names.</summary>
    /// <returns>0, or 1 when an error was reported, 2 for a bug of ours, 130 when cancelled.</returns>
    public static int Run(string[] arguments, IReadOnlyList<IVerb> verbs)
    {
        using var console = new DiagnosticConsole(Console.OpenStandardOutput());
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, cancellation));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, cancellation));
        WorkerOptions? options = null;
        try
        {
            var commandLine = CommandLine.Parse(arguments);
            if (commandLine.ParentProcess is { } parent)
                ParentWatch.Start(parent, () => Stop(null, cancellation));
            var verb = Find(commandLine.Verb, verbs);
            options = WorkerOptions.Read(commandLine.OptionsFile);
            var context = new WorkerContext(console, console.Text, cancellation.Token);
            using var folder = LockWorkFolder(options, context);
            new StageRun(verb, options, context).Run(() => console.Errors == 0);
            return console.Errors == 0 ? Succeeded : UserError;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Cancelled;
        }
        catch (DiagnosticException mistake)
        {
            console.Report(mistake.Diagnostic);
            return UserError;
        }
        catch (Exception problem) when (IsFileProblem(problem))
        {
            console.Report(Diagnostic.Error(
                Codes.FileAccess, $"{problem.Message} Check that the path exists, its permissions, and the free space of its disk.", options?.Optional("project")));
            return UserError;
        }
        catch (Exception bug)
        {
            console.Report(CrashReport.Write(bug, arguments, options));
            return InternalError;
        }
    }

    /// <summary>One worker at a time in a model's work folder, whatever number of builds there are.</summary>
    private static FileLock? LockWorkFolder(WorkerOptions options, WorkerContext context) => options.Optional("workFolder") is { } folder
        ? FileLock.Take(Path.Combine(folder, "worker.lock"), $"{options.Optional("model")}: another build works in '{folder}'; waiting for it", context)
        : null;

    // An assembly that does not load is an IOException to .NET, but no mistake of the user.
    private static bool IsFileProblem(Exception problem) =>
        problem is UnauthorizedAccessException or (IOException and not FileLoadException);

    private static IVerb Find(string name, IReadOnlyList<IVerb> verbs) =>
        verbs.FirstOrDefault(verb => verb.Name == name) ?? throw new DiagnosticException(
            Codes.WorkerCommandLine, $"there is no verb '{name}'; the verbs are {string.Join(", ", verbs.Select(verb => verb.Name))}");

    /// <summary>Asks the verb to stop, and ends the process if it does not.</summary>
    private static void Stop(PosixSignalContext? signal, CancellationTokenSource cancellation)
    {
        signal?.Cancel = true;
        try
        {
            cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        var end = new Thread(() =>
        {
            Thread.Sleep(Grace);
            // Not Environment.Exit: that waits for native threads, which may be in the middle of a convolution.
            Process.GetCurrentProcess().Kill();
        })
        {
            IsBackground = true,
        };
        end.Start();
    }
}
