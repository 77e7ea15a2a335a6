namespace Sscma.Build.Tests.Support;

/// <summary>The C# compiler that stays between the builds of the tests.</summary>
internal static class CompilerServer
{
    /// <summary>The property, and so the environment's variable, that says whether builds share one.</summary>
    public const string Switch = "UseSharedCompilation";

    /// <summary>Ends it where whoever runs the tests wants no process to outlive them; elsewhere it ends by itself, as after every build.</summary>
    public static void Shutdown()
    {
        if (string.Equals(Environment.GetEnvironmentVariable(Switch), "false", StringComparison.OrdinalIgnoreCase))
            DotNet.Run(Path.GetTempPath(), new Dictionary<string, string>(), "build-server", "shutdown", "--vbcscompiler");
    }
}
