using System.Runtime.InteropServices;

namespace Sscma.Natives;

/// <summary>
/// What libtorch writes to the standard error of its own accord. On processors that one of its back ends does not know it warns at every convolution, hundreds of
/// lines a second. Its errors reach us as exceptions, whatever it writes.
/// </summary>
internal static class TorchLog
{
    private const string Level = "FLAGS_caffe2_log_level";
    private const int Errors = 2;

    /// <summary>Leaves warnings out, where this libtorch can be told so.</summary>
    /// <param name="library">libc10, loaded.</param>
    public static void Quiet(nint library)
    {
        if (NativeLibrary.TryGetExport(library, Level, out var level))
            Marshal.WriteInt32(level, Errors);
    }
}
