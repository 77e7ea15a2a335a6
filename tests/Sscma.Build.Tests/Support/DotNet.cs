using System.Diagnostics;

namespace Sscma.Build.Tests.Support;

/// <summary>Starts <c>dotnet</c> as a user would, whatever the test run itself left in the environment.</summary>
internal static class DotNet
{
    /// <summary>Runs to the end.</summary>
    public static BuildResult Run(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        RunProgram("dotnet", folder, environment, arguments);

    /// <summary>Runs another program, which may start <c>dotnet</c>, to the end.</summary>
    public static BuildResult RunProgram(string program, string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = StartProgram(program, folder, environment, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new BuildResult(process.ExitCode, output + errors.Result, watch.Elapsed);
    }

    /// <summary>Starts and returns at once.</summary>
    public static Process Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        StartProgram("dotnet", folder, environment, arguments);

    private static Process StartProgram(string program, string folder, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsLeftover).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        // The compiler takes three seconds to start, and hundreds of builds want it: it stays between them. See CompilerServer.
        start.Environment[CompilerServer.Switch] = "true";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static bool IsLeftover(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("SSCMA", StringComparison.OrdinalIgnoreCase)
        || name is "DOTNET_HOST_PATH" or "DOTNET_ROOT_X64" or "TESTINGPLATFORM_UI_LANGUAGE" or "Configuration" or "Platform";
}
