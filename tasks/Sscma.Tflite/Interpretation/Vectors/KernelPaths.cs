using System.Runtime.Intrinsics;

namespace Sscma.Tflite.Interpretation.Vectors;

/// <summary>Which paths this machine has, and which one is taken.</summary>
internal static class KernelPaths
{
    // Set to a path's name, it decides where nothing else does: for comparing and for looking for faults.
    private const string Variable = "SSCMA_KERNELS";

    // Best first.
    private static readonly (KernelPath Path, bool IsSupported)[] Vectors =
    [
        (KernelPath.Avx512Vnni, Avx512Unit.IsSupported && AvxVnniUnit.IsSupported),
        (KernelPath.Avx512, Avx512Unit.IsSupported),
        (KernelPath.AvxVnni, AvxVnniUnit.IsSupported),
        (KernelPath.Avx2, Avx2Unit.IsSupported),
        (KernelPath.ArmDot, ArmDotUnit.IsSupported),
        (KernelPath.Portable512, Vector512.IsHardwareAccelerated),
        (KernelPath.Portable256, Vector256.IsHardwareAccelerated),
        (KernelPath.Portable128, PortableUnit128.IsSupported),
    ];

    /// <summary>Every path with vectors that runs here, best first.</summary>
    public static IEnumerable<KernelPath> Supported => Vectors.Where(entry => entry.IsSupported).Select(entry => entry.Path);

    /// <summary>The path in place of <see cref="KernelPath.Best"/>; one that the machine lacks is replaced by the best, too.</summary>
    public static KernelPath Resolve(KernelPath wanted)
    {
        if (wanted == KernelPath.Best && Enum.TryParse<KernelPath>(Environment.GetEnvironmentVariable(Variable), ignoreCase: true, out var named) && named != KernelPath.PlainLite)
            wanted = named;
        return wanted is KernelPath.Plain or KernelPath.PlainLite || Supported.Contains(wanted) ? wanted : Supported.First();
    }
}
