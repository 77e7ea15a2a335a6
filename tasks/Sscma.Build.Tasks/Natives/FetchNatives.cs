using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Sscma.Build.Tasks.Reporting;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks.Natives;

/// <summary>
/// Finds the native libraries for this machine in NuGet's folders and restores them when they are not there, which is once per machine.
/// A process of its own, because a restore reports its failures as errors of the build, and here one failure must be one error.
/// NuGet locks what it unpacks: several builds at once bring each package once.
/// </summary>
internal sealed class FetchNatives : ToolTask
{
    // TorchSharp has its shim, and libtorch its package, for these alone.
    private static readonly string[] Hosts = ["linux-x64", "osx-arm64", "win-arm64", "win-x64"];
    private static readonly Regex NuGetError = new(@"error (?<text>(NU|MSB|NETSDK)\d+: .*?)( \[[^\[\]]*\])?$", RegexOptions.CultureInvariant);

    private readonly List<NativePackage> _packages;
    private readonly NativesProject _project;
    private readonly string _rid;
    private readonly List<string> _reasons = [];
    private bool _cancelled;

    /// <summary>Takes the items of targets/Natives.props.</summary>
    public FetchNatives(ITaskItem[] natives)
    {
        _packages = natives.Select(item => new NativePackage(item)).ToList();
        _project = new NativesProject(natives[0], _packages);
        _rid = natives[0].GetMetadata("Rid");
    }

    /// <summary>The program that runs the restore.</summary>
    public string DotNetHost { get; set; } = "";

    /// <summary>For each library the variable that tells the worker the folder where it lies.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> WorkerEnvironment { get; private set; } = [];

    /// <inheritdoc/>
    protected override string ToolName => "dotnet";

    /// <inheritdoc/>
    protected override Encoding StandardOutputEncoding => Encoding.UTF8;

    /// <inheritdoc/>
    protected override Encoding StandardErrorEncoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override bool Execute()
    {
        if (AllFound())
            return true;
        if (!Hosts.Contains(_rid))
            return Fail(Codes.NoNativesForHost, $"there is no libtorch for {_rid}: models are trained on {string.Join(", ", Hosts)}. Build there, and share the result through SscmaCacheDir.");

        _project.Write();
        Log.LogMessage(MessageImportance.High, "{0}", $"restoring the native libraries for {_rid}, once for this machine: {string.Join(", ", _packages)}");
        YieldDuringToolExecution = true;
        return base.Execute() && (AllFound() || NotRestored());
    }

    /// <inheritdoc/>
    public override void Cancel()
    {
        _cancelled = true;
        base.Cancel();
    }

    /// <inheritdoc/>
    protected override string GenerateFullPathToTool() => DotNetHost;

    /// <inheritdoc/>
    protected override string GetWorkingDirectory() => _project.UserFolder;

    /// <summary>Without what the build that runs has set for itself: the inner one finds its SDK anew.</summary>
    protected override ProcessStartInfo GetProcessStartInfo(string pathToTool, string commandLineCommands, string responseFileSwitch)
    {
        var start = base.GetProcessStartInfo(pathToTool, commandLineCommands, responseFileSwitch);
        foreach (var name in new[] { "MSBUILD_EXE_PATH", "MSBuildSDKsPath", "MSBuildExtensionsPath" })
            start.EnvironmentVariables.Remove(name);
        return start;
    }

    /// <inheritdoc/>
    protected override string GenerateCommandLineCommands()
    {
        var line = new CommandLineBuilder();
        line.AppendSwitch("restore");
        line.AppendFileNameIfNotNull(_project.Path);
        foreach (var option in new[] { "-nologo", "-noAutoResponse", "-nodeReuse:false", "-tl:off", "-v:minimal" })
            line.AppendSwitch(option);
        return line.ToString();
    }

    /// <inheritdoc/>
    protected override void LogToolCommand(string message) => Log.LogMessage(MessageImportance.Low, "{0}", message);

    /// <inheritdoc/>
    protected override void LogEventsFromTextOutput(string singleLine, MessageImportance messageImportance)
    {
        Log.LogMessage(MessageImportance.Low, "{0}", singleLine);
        if (NuGetError.Match(singleLine) is { Success: true } match && !_reasons.Contains(match.Groups["text"].Value))
            _reasons.Add(match.Groups["text"].Value);
    }

    /// <inheritdoc/>
    protected override bool HandleTaskExecutionErrors() => _cancelled ? false : NotRestored();

    private bool AllFound()
    {
        var folders = _project.PackageFolders();
        var found = _packages.Select(package => (package.Variable, Folder: package.Find(folders))).ToList();
        if (found.Any(library => library.Folder is null))
            return false;
        WorkerEnvironment = found.Select(library => new KeyValuePair<string, string>(library.Variable, library.Folder!)).ToArray();
        return true;
    }

    private bool NotRestored()
    {
        var folders = _project.PackageFolders();
        var missing = _packages.Where(package => package.Find(folders) is null).ToList();
        var reason = _reasons.Count > 0 ? string.Join(" ", _reasons.Take(2)) : $"not in {string.Join(", ", folders)} are {string.Join(", ", missing.Select(package => package.Folder))}.";
        return Fail(Codes.NativesNotRestored, string.Join(
            " ",
            $"the native libraries for {_rid} could not be restored: {reason}",
            $"Needed are {string.Join(", ", _packages)}: give nuget.config a source that has them; without a network, a folder that holds their .nupkg files.",
            $"'dotnet restore \"{_project.Path}\"' tries again and says more."));
    }

    private bool Fail(string code, string text)
    {
        Log.Error(code, text);
        return false;
    }
}
