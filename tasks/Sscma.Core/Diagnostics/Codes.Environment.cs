namespace Sscma.Diagnostics;

// SSCMA9xxx: environment. One constant per code, in numeric order; a number that was shipped is never given to another cause.
public static partial class Codes
{
    /// <summary>A native library could not be loaded. Restore the project; on Linux the message names what the system lacks.</summary>
    public const string NativeLibraryMissing = "SSCMA9001";

    /// <summary>A file or folder could not be read or written. Check that it exists, its permissions and the free space.</summary>
    public const string FileAccess = "SSCMA9002";

    /// <summary>The worker was started with a command line or an options file that it does not understand. The tasks never do that: use matching versions of both.</summary>
    public const string WorkerCommandLine = "SSCMA9003";

    /// <summary>A bug in Sscma.Build. The message names a file with the stack trace: please report it.</summary>
    public const string InternalError = "SSCMA9004";
}
