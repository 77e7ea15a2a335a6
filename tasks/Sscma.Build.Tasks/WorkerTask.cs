using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Sscma.Build.Tasks.Files;
using Sscma.Build.Tasks.Keys;
using Sscma.Build.Tasks.Models;
using Sscma.Build.Tasks.Natives;
using Sscma.Build.Tasks.Reporting;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks;

/// <summary>
/// Runs one stage of one model in a worker process: writes what the worker must know into a file, starts it, and turns its lines into
/// messages, warnings and errors. A process of its own, because native libraries have process-wide state, would stay locked in a reused
/// build node, and must not take the build down when they crash.
/// </summary>
public abstract class WorkerTask : ToolTask
{
    // file(line,column): error SSCMA1234: text — the form that the worker's diagnostics have, and nothing else that it prints.
    private static readonly Regex DiagnosticLine = new(
        @"^(?<file>.*?)(\((?<line>\d+)(,(?<column>\d+))?\))?\s?: (?<severity>error|warning) (?<code>SSCMA\d{4}): (?<text>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline);

    private FetchNatives? _fetch;
    private bool _cancelled;

    /// <summary>One model of <see cref="ResolveModels"/>.</summary>
    [Required]
    public ITaskItem Model { get; set; } = null!;

    /// <summary>The worker's assembly.</summary>
    [Required]
    public string Worker { get; set; } = "";

    /// <summary>The program that runs it; empty means the one that runs the build.</summary>
    public string DotNetHost { get; set; } = "";

    /// <summary>The native libraries that the worker needs; none when its runtimeconfig.json says where they lie.</summary>
    public ITaskItem[] Natives { get; set; } = [];

    /// <inheritdoc/>
    protected override string ToolName => "dotnet";

    /// <inheritdoc/>
    protected override Encoding StandardOutputEncoding => Encoding.UTF8;

    /// <inheritdoc/>
    protected override Encoding StandardErrorEncoding => Encoding.UTF8;

    /// <inheritdoc/>
    protected override MessageImportance StandardOutputLoggingImportance => MessageImportance.High;

    /// <inheritdoc/>
    protected override MessageImportance StandardErrorLoggingImportance => MessageImportance.High;

    /// <summary>What the worker's environment has besides that of the build.</summary>
    private protected Dictionary<string, string> Variables { get; } = new();

    /// <summary>The worker's verb, which is the stage's name.</summary>
    private protected abstract string Verb { get; }

    /// <summary>Said when the work begins, or null.</summary>
    private protected virtual string? Announcement(ResolvedModel model) => null;

    /// <inheritdoc/>
    public override bool Execute()
    {
        if (!File.Exists(Worker))
        {
            Log.Error(Codes.WorkerMissing, $"the worker '{Worker}' does not exist. Restore the package Sscma.Build again.");
            return false;
        }

        if (Natives.Length > 0 && !UseNatives())
            return false;

        EnvironmentVariables = Variables.Select(variable => $"{variable.Key}={variable.Value}").ToArray();
        var stage = Stage.Of(Verb, new ResolvedModel(Model));
        TextFile.Write(OptionsFile(stage), OptionText.Of(Options(stage)));
        if (Announcement(stage.Model) is { } text)
            Log.LogMessage(MessageImportance.High, "{0}", text);
        // Other projects may use this build node while the worker computes.
        YieldDuringToolExecution = true;
        return base.Execute();
    }

    /// <inheritdoc/>
    public override void Cancel()
    {
        _cancelled = true;
        _fetch?.Cancel();
        base.Cancel();
    }

    /// <inheritdoc/>
    protected override string GenerateFullPathToTool() =>
        DotNetHost.Length > 0 ? DotNetHost : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <inheritdoc/>
    protected override string GenerateCommandLineCommands()
    {
        var line = new CommandLineBuilder();
        line.AppendSwitch("exec");
        line.AppendFileNameIfNotNull(Worker);
        line.AppendSwitch(Verb);
        line.AppendFileNameIfNotNull("@" + OptionsFile(Stage.Of(Verb, new ResolvedModel(Model))));
        line.AppendSwitch("--parent-pid");
        line.AppendSwitch(System.Diagnostics.Process.GetCurrentProcess().Id.ToString(CultureInfo.InvariantCulture));
        return line.ToString();
    }

    /// <inheritdoc/>
    protected override void LogToolCommand(string message) => Log.LogMessage(MessageImportance.Low, "{0}", message);

    /// <inheritdoc/>
    protected override void LogEventsFromTextOutput(string singleLine, MessageImportance messageImportance)
    {
        var match = DiagnosticLine.Match(singleLine);
        if (!match.Success)
        {
            Log.LogMessage(messageImportance, "{0}", singleLine);
            return;
        }

        var file = match.Groups["file"].Value.Trim();
        var line = Number(match.Groups["line"]);
        var column = Number(match.Groups["column"]);
        if (match.Groups["severity"].Value == "error")
            Log.Error(match.Groups["code"].Value, match.Groups["text"].Value, file, line, column);
        else
            Log.Warning(match.Groups["code"].Value, match.Groups["text"].Value, file, line, column);
    }

    /// <inheritdoc/>
    protected override bool HandleTaskExecutionErrors()
    {
        if (!_cancelled && !Log.HasLoggedErrors)
        {
            var cause = ExitCode is 137 or 9 ? "it was killed; most often the machine ran out of memory: lower BatchSize or free memory" : "a crash in native code; its last lines stand above";
            var message = $"the worker ended with exit code {ExitCode} during '{Verb}' of the model '{Model.ItemSpec}' and gave no reason: {cause}.";
            Log.Error(Codes.WorkerDied, message);
        }

        return false;
    }

    private bool UseNatives()
    {
        _fetch = new FetchNatives(Natives) { BuildEngine = BuildEngine, DotNetHost = GenerateFullPathToTool() };
        if (!_fetch.Execute())
            return false;
        foreach (var variable in _fetch.WorkerEnvironment)
            Variables[variable.Key] = variable.Value;
        return !_cancelled;
    }

    private string OptionsFile(Stage stage) => stage.Model.PathOf($"{Verb}.options");

    /// <summary>What the verb reads, and what the worker's host needs to skip a finished stage and to leave its stamp.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Options(Stage stage)
    {
        foreach (var pair in stage.Places)
            yield return pair;
        foreach (var pair in stage.Settings)
            yield return pair;
        var key = TextFile.Read(stage.KeyFile) ?? "";
        yield return new("key", key);
        yield return new("stamp", stage.StampFile);
        yield return new("outputs", string.Join("|", stage.Outputs));
        yield return new("records", string.Join("|", stage.Records));
        yield return new("downstream", string.Join("|", stage.Downstream));
        if (StageKey.Value(key, StageKey.WarmStart) is { } parent)
        {
            yield return new(StageKey.WarmStart, parent);
            yield return new("plainKeyDigest", Sha256.OfText(Lineage.Plain(key)));
        }

        yield return new("cacheFolder", stage.Model["CacheFolder"]);
        yield return new("cacheWrite", stage.Model["CacheWrite"]);
        yield return new("cacheBytes", stage.Model["CacheBytes"]);
    }

    private static int Number(Group group) => int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
