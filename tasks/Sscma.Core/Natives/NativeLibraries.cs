using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Sscma.Diagnostics;

namespace Sscma.Natives;

/// <summary>
/// Loads libtorch, ONNX Runtime and SkiaSharp from the folders that runtimeconfig.json names (targets/Natives.targets), so that half a gigabyte is
/// never copied next to an application. A variable of the environment (SSCMA_NATIVES_LIBTORCH, …) goes before; in the package the entries are
/// empty and the tasks set the variables. A process without these entries (an app that references the packages the usual way) keeps .NET's own search.
/// </summary>
public static class NativeLibraries
{
    private static readonly ConcurrentDictionary<string, nint> Handles = new(StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> Ready = [];
    private static readonly Lock Gate = new();
    private static bool _listening;

    /// <summary>Makes ONNX Runtime loadable.</summary>
    public static void UseOnnxRuntime() => Use("OnnxRuntime", folder => Load(folder, "onnxruntime"));

    /// <summary>Makes SkiaSharp loadable.</summary>
    public static void UseSkiaSharp() => Use("SkiaSharp", folder => Load(folder, "libSkiaSharp"));

    /// <summary>The folder of libtorch; null where .NET's own search finds it.</summary>
    public static string? TorchFolder => Folder("LibTorch");

    /// <summary>Whether that libtorch was built for CUDA.</summary>
    public static bool TorchHasCuda => TorchFolder is { } folder && File.Exists(Path.Combine(folder, FileName("torch_cuda")));

    /// <summary>
    /// Makes TorchSharp loadable. Order matters: libtorch's parts find each other by being loaded already.
    /// </summary>
    /// <exception cref="DiagnosticException">SSCMA9001: the system lacks what libtorch needs.</exception>
    public static void UseTorch() => Use("LibTorch", folder =>
    {
        ThreadWaiting.Shorten();
        // The parts for CUDA are there or not: it is one library with or without them.
        foreach (var name in new[] { "c10", "c10_cuda", "torch_cpu", "torch_cuda", "torch" }.Where(name => TorchHasCuda || !name.EndsWith("_cuda", StringComparison.Ordinal)))
            Load(folder, name);
        TorchLog.Quiet(Handles["c10"]);
        LoadTorchSharp(Folder("TorchSharp") ?? folder);
    });

    private static void Use(string package, Action<string> load)
    {
        lock (Gate)
        {
            if (Folder(package) is not { } folder || Ready.Contains(package))
                return;
            if (!_listening)
            {
                AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => Resolve(name);
                _listening = true;
            }

            load(folder);
            Ready.Add(package);
        }
    }

    private static string? Folder(string package)
    {
        if (AppContext.GetData($"Sscma.Natives.{package}") is not string folder)
            return null;
        var variable = $"SSCMA_NATIVES_{package.ToUpperInvariant()}";
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
            return given;
        return folder.Length > 0 ? folder : throw new DiagnosticException(Diagnostic.Error(
            Codes.NativeLibraryMissing, $"the folder of {package}'s native libraries is not known: the variable {variable} names it when the build starts the worker."));
    }

    private static nint Resolve(string name) =>
        Handles.TryGetValue(name, out var handle) || Handles.TryGetValue(Path.GetFileNameWithoutExtension(name), out handle) ? handle : 0;

    private static void Load(string folder, string name)
    {
        var path = Path.Combine(folder, FileName(name));
        try
        {
            Handles[name] = NativeLibrary.Load(path);
        }
        catch (Exception problem) when (problem is DllNotFoundException or BadImageFormatException)
        {
            throw Missing(path, problem);
        }
    }

    private static void LoadTorchSharp(string folder)
    {
        var path = Path.Combine(folder, FileName("LibTorchSharp"));
        if (NativeLibrary.TryLoad(path, out var handle))
        {
            Handles["LibTorchSharp"] = handle;
            return;
        }

        try
        {
            Handles["LibTorchSharp"] = NativeLibrary.Load(OperatingSystem.IsLinux() ? CopyForOlderSystems(path) : path);
        }
        catch (Exception problem) when (problem is DllNotFoundException or BadImageFormatException or IOException or InvalidDataException)
        {
            throw Missing(path, problem);
        }
    }

    /// <summary>
    /// TorchSharp 0.107 names the symbol version GLIBCXX_3.4.32 (GCC 13) but uses no symbol of it. Debian 12 and Ubuntu 22.04
    /// have an older libstdc++ and refuse the file. A private copy in which that one need is marked weak loads there.
    /// </summary>
    private static string CopyForOlderSystems(string path)
    {
        var image = File.ReadAllBytes(path);
        if (!ElfVersionNeeds.Weaken(image, "libstdc++.so.6", "GLIBCXX_3.4.32"))
            return path;
        var name = $"libLibTorchSharp-{Files.Digest.OfBytes(image)[..16]}.so";
        var copy = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "sscma", "natives", name);
        if (!File.Exists(copy))
            Files.AtomicFile.WriteAllBytes(copy, image);
        return copy;
    }

    private static string FileName(string name)
    {
        if (OperatingSystem.IsWindows())
            return $"{name}.dll";
        var extension = OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        return name.StartsWith("lib", StringComparison.Ordinal) ? name + extension : $"lib{name}{extension}";
    }

    private static DiagnosticException Missing(string path, Exception problem) => new(Diagnostic.Error(
        Codes.NativeLibraryMissing,
        File.Exists(path)
            ? $"the native library '{path}' does not load: {problem.Message}. Install what it names (on Linux: glibc 2.28 and libstdc++ of GCC 11 or newer)."
            : $"the native library '{path}' is not there. Run 'dotnet restore' again; was the NuGet cache emptied after the last restore?"), problem);
}
