namespace Sscma.Diagnostics;

// SSCMA9xxx: environment. One constant per code, in numeric order; a number that was shipped is never given to another cause.
public static partial class Codes
{
    /// <summary>A native library could not be loaded. Restore the project; on Linux the message names what the system lacks.</summary>
    public const string NativeLibraryMissing = "SSCMA9001";

    /// <summary>A file or folder could not be read or written. Check that it exists, its permissions and the free space.</summary>
    public const string FileAccess = "SSCMA9002";

    /// <summary>The worker was started with a command line or an options file that it does not understand. Use matching versions of both.</summary>
    public const string WorkerCommandLine = "SSCMA9003";

    /// <summary>A bug in Sscma.Build. Please report it, with the file that the message names: it holds the stack trace.</summary>
    public const string InternalError = "SSCMA9004";

    /// <summary>The worker process ended without saying why: killed (often for want of memory) or crashed in native code. Free memory, lower BatchSize, or report it.</summary>
    public const string WorkerDied = "SSCMA9005";

    /// <summary>The worker could not be started. Check that the .NET runtime is installed and that the path in the message exists.</summary>
    public const string WorkerMissing = "SSCMA9006";

    /// <summary>SscmaWorkFolder holds the project itself, so SscmaClean would delete the project. Give it a folder of its own.</summary>
    public const string WorkFolderHoldsProject = "SSCMA9007";

    /// <summary>A property of the project has a value that it cannot have. The message says which ones it can.</summary>
    public const string BadProperty = "SSCMA9008";

    /// <summary>Warning: a result in the cache is damaged, or the cache cannot be read or written; the build goes on without it. Check SscmaCacheDir, its permissions and its free space.</summary>
    public const string CacheTrouble = "SSCMA9009";

    /// <summary>The native libraries could not be restored at first use. The message says what NuGet said and which packages are needed: give nuget.config a source that has them; offline, a folder with them.</summary>
    public const string NativesNotRestored = "SSCMA9020";

    /// <summary>There is no libtorch for the system that builds. Build the model on one of the systems in the message and share its result through SscmaCacheDir.</summary>
    public const string NoNativesForHost = "SSCMA9021";
}
