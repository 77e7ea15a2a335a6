using System.Text;
using Sscma.Diagnostics;
using Sscma.Files;

namespace Sscma.Build.Worker;

/// <summary>Keeps everything about a bug of ours in a file, so that the build shows one line and the stack trace is not lost.</summary>
internal static class CrashReport
{
    /// <summary>Writes the report into the work folder, or into the temporary folder if there is none.</summary>
    public static Diagnostic Write(Exception bug, string[] arguments, WorkerOptions? options)
    {
        var verb = arguments.FirstOrDefault("worker");
        var path = Path.Combine(options?.Optional("workFolder") ?? Path.GetTempPath(), $"{verb}.crash.log");
        var text = new StringBuilder();
        text.AppendLine($"{DateTime.UtcNow:u} Sscma.Build.Worker {typeof(CrashReport).Assembly.GetName().Version} {string.Join(' ', arguments)}");
        text.AppendLine($"{Environment.OSVersion}, .NET {Environment.Version}, {Environment.ProcessorCount} processors");
        foreach (var key in options?.Keys ?? [])
            text.AppendLine($"{key}={options!.Optional(key)}");
        text.AppendLine().AppendLine(bug.ToString());
        try
        {
            AtomicFile.WriteAllText(path, text.ToString());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The disk may be the reason of the crash; then the build log is the only place left.
            return Diagnostic.Error(Codes.InternalError, $"internal error in '{verb}': {bug} (and '{path}' cannot be written: {problem.Message})");
        }

        return Diagnostic.Error(
            Codes.InternalError,
            $"internal error in '{verb}': {bug.GetType().Name}: {bug.Message} This is a bug in Sscma.Build; please report it with the file '{path}', which holds the stack trace.");
    }
}
