using System.Globalization;
using Sscma.Diagnostics;

namespace Sscma.Build.Worker;

/// <summary>The worker's command line: <c>verb @options-file [--parent-pid number]</c>.</summary>
/// <param name="Verb">What to do.</param>
/// <param name="OptionsFile">The file of <see cref="WorkerOptions"/>.</param>
/// <param name="ParentProcess">The process without which the work has no purpose, or null.</param>
internal sealed record CommandLine(string Verb, string OptionsFile, int? ParentProcess)
{
    private const string Usage = "usage: Sscma.Build.Worker <verb> @<options file> [--parent-pid <number>]";

    /// <summary>Reads the command line.</summary>
    /// <exception cref="DiagnosticException">SSCMA9003: it has another form.</exception>
    public static CommandLine Parse(string[] arguments)
    {
        if (arguments is not [var verb, ['@', ..] file, .. var rest])
            throw new DiagnosticException(Codes.WorkerCommandLine, Usage);
        return rest switch
        {
            [] => new CommandLine(verb, file[1..], null),
            ["--parent-pid", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parent) =>
                new CommandLine(verb, file[1..], parent),
            _ => throw new DiagnosticException(Codes.WorkerCommandLine, Usage),
        };
    }
}
