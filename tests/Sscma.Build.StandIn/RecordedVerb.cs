using Sscma.Build.Worker;
using Sscma.Diagnostics;

namespace Sscma.Build.StandIn;

/// <summary>
/// Writes down that a verb was asked for, and behaves as the environment wants it:
/// SSCMA_STANDIN_RECORD names the file of calls; SSCMA_STANDIN_FAIL, _CRASH, _BUG, _WARN and _SLEEP name a verb,
/// SSCMA_STANDIN_PAUSE says for how many milliseconds every verb works.
/// </summary>
internal sealed class RecordedVerb(IVerb verb) : IVerb
{
    public string Name => verb.Name;

    public void Run(WorkerOptions options, WorkerContext context)
    {
        if (Environment.GetEnvironmentVariable("SSCMA_STANDIN_RECORD") is { Length: > 0 } record)
            File.AppendAllText(record, $"{Name} {options.Required("model")} {Environment.ProcessId}\n");
        context.Console.WriteLine($"{options.Required("model")}: stand-in {Name}; this line has an error: in it and means none");
        if (IsAsked("WARN"))
            context.Diagnostics.Report(Diagnostic.Warning(Codes.ImageSizeDiffers, "the stand-in warns", options.Optional("trainAnnotations"), 3, 5));
        if (Environment.GetEnvironmentVariable("SSCMA_STANDIN_PAUSE") is { Length: > 0 } pause)
            context.Cancellation.WaitHandle.WaitOne(int.Parse(pause, System.Globalization.CultureInfo.InvariantCulture));
        if (IsAsked("SLEEP"))
            context.Cancellation.WaitHandle.WaitOne(TimeSpan.FromMinutes(2));
        context.Cancellation.ThrowIfCancellationRequested();
        if (IsAsked("FAIL"))
            throw new DiagnosticException(Codes.AnnotationJsonBroken, "the stand-in was told to fail", options.Optional("trainAnnotations"), 7, 2);
        if (IsAsked("CRASH"))
            Environment.FailFast("the stand-in was told to crash");
        if (IsAsked("BUG"))
            throw new InvalidOperationException("the stand-in has a bug");
        verb.Run(options, context);
    }

    private bool IsAsked(string variable) => Environment.GetEnvironmentVariable($"SSCMA_STANDIN_{variable}") == Name;
}
