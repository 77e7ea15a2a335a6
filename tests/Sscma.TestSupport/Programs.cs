using System.Diagnostics;

namespace Sscma.TestSupport;

/// <summary>Programs of the machine that a test may need: compilers, CMake.</summary>
public static class Programs
{
    /// <summary>Whether a program is on the path.</summary>
    public static bool IsThere(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Ends the test as inconclusive, and says why, where a program is absent.</summary>
    public static void Need(string program)
    {
        if (!IsThere(program))
            Assert.Inconclusive($"{program} is absent");
    }

    /// <summary>Runs a program to its end.</summary>
    public static (int ExitCode, byte[] Output, string Errors) Run(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return (process.ExitCode, output.ToArray(), errors.Result);
    }
}
