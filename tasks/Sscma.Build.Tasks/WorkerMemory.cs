#pragma warning disable IDE0005 // the bench, which compiles this file too, has implicit usings
using System;

namespace Sscma.Build.Tasks;

/// <summary>
/// How the C library of a training worker hands out memory. A step takes a gigabyte in blocks and gives it back. By default glibc returns such blocks
/// to the system and gets them anew, and every page of them costs a fault. So blocks are kept, in one arena, of large
/// pages where the system has them. Other C libraries do not read this.
/// </summary>
internal static class WorkerMemory
{
    /// <summary>The variable that glibc reads when a process starts.</summary>
    public const string Variable = "GLIBC_TUNABLES";

    private const string Settings =
        "glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=68719476736:glibc.malloc.trim_threshold=68719476736:glibc.malloc.top_pad=67108864:glibc.malloc.hugetlb=1";

    /// <summary>The variable's value for a worker; null where somebody has set it: they know better.</summary>
    public static string? Value => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)) ? Settings : null;
}
