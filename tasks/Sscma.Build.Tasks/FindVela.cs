using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Sscma.Build.Tasks.Files;
using Sscma.Build.Tasks.Keys;
using Sscma.Build.Tasks.Models;
using Sscma.Build.Tasks.Reporting;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks;

/// <summary>Finds Arm's compiler for Ethos-U and asks for its version, which is part of what decides its result.</summary>
public sealed class FindVela : FileTask
{
    private const int Patience = 60_000;

    /// <summary>The property SscmaVela: a path, or anything else for the one on the PATH.</summary>
    public string Vela { get; set; } = "";

    /// <summary>The project file.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>Where the version is remembered with the program's size and time stamp: Python takes a second to tell it.</summary>
    [Required]
    public string VersionFile { get; set; } = "";

    /// <summary>The models of <see cref="ResolveModels"/>.</summary>
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>The same with the metadata <c>VelaProgram</c>, <c>VelaVersion</c>, <c>VelaKey</c> and <c>VelaStamp</c>.</summary>
    [Output]
    public ITaskItem[] Resolved { get; private set; } = [];

    /// <inheritdoc/>
    private protected override bool Run()
    {
        if (Find() is not { } program || Version(program) is not { } version)
            return false;
        Resolved = Models.Select(item => Resolve(item, program, version)).ToArray();
        return true;
    }

    private static ITaskItem Resolve(ITaskItem item, string program, string version)
    {
        var resolved = new TaskItem(item);
        var stage = Stage.Of("vela", new ResolvedModel(resolved));
        Set("VelaProgram", program);
        Set("VelaVersion", version);
        Set("VelaKey", stage.KeyFile);
        Set("VelaStamp", stage.StampFile);
        return resolved;

        void Set(string metadata, string value) => ((ITaskItem2)resolved).SetMetadataValueLiteral(metadata, value);
    }

    private string? Find()
    {
        var written = Vela.Trim();
        if (written.Length > 0 && !string.Equals(written, "true", StringComparison.OrdinalIgnoreCase))
        {
            var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Project))!, written));
            return File.Exists(path) ? path : Wrong(Codes.VelaMissing, $"SscmaVela names '{path}', which does not exist. Write true to look for 'vela' on the PATH, or the path of the program.");
        }

        var names = Path.DirectorySeparatorChar == '\\' ? new[] { "vela.exe" } : new[] { "vela" };
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(folder => folder.Trim().Length > 0);
        return folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? Wrong(Codes.VelaMissing, "SscmaVela is set and there is no program 'vela' on the PATH. Install it (pip install ethos-u-vela), give its path (SscmaVela=/folder/vela), or leave SscmaVela out.");
    }

    private string? Version(string program)
    {
        var file = new FileInfo(program);
        var identity = string.Format(CultureInfo.InvariantCulture, "{0}|{1}|{2}", file.Length, file.LastWriteTimeUtc.Ticks, program);
        if (TextFile.Read(VersionFile) is { } known && known.StartsWith(identity + "\n", StringComparison.Ordinal))
            return known.Substring(identity.Length + 1);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { UseShellExecute = false, RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            if (process.WaitForExit(Patience) && process.ExitCode == 0)
            {
                var version = output.Result.Replace("\r", "").Replace("\n", " ").Trim();
                TextFile.Write(VersionFile, $"{identity}\n{version}");
                return version;
            }

            if (!process.HasExited)
                process.Kill();
            return Wrong(Codes.VelaFailed, $"'{program} --version' did not end well. Repair the installation (pip install --force-reinstall ethos-u-vela).");
        }
        catch (Exception broken) when (broken is Win32Exception or IOException)
        {
            return Wrong(Codes.VelaFailed, $"'{program}' cannot be started: {broken.Message}. Repair the installation (pip install --force-reinstall ethos-u-vela).");
        }
    }

    private string? Wrong(string code, string message)
    {
        Log.Error(code, message, Project);
        return null;
    }
}
