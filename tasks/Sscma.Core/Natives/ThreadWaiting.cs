using System.Runtime.InteropServices;

namespace Sscma.Natives;

/// <summary>
/// How libtorch's threads wait for each other. GNU OpenMP lets them spin for about a millisecond at the end of every parallel loop. On a machine that
/// does something else as well (other projects of the build, image loading) the thread that is waited for is often not running, and the
/// others burn the time that it needs: with a load of 30 on two cores a training step took 38 s instead of 8. A short spin costs nothing on an idle machine.
/// </summary>
internal static partial class ThreadWaiting
{
    private const string Variable = "GOMP_SPINCOUNT";

    /// <summary>Shortens the spin, unless the user has decided. Must be called before libtorch is loaded: OpenMP reads it then.</summary>
    public static void Shorten()
    {
        // .NET keeps a copy of the environment; native code sees the one of the C library.
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            _ = SetEnvironment(Variable, "2000", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
