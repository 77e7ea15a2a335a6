using Sscma.Diagnostics;
using TorchSharp;

namespace Sscma.Training.Devices;

/// <summary>Where a training computes: <c>cpu</c>, <c>cuda</c> (NVIDIA), <c>mps</c> (Apple), or <c>auto</c>, which is CUDA where a device answers, else the processor.</summary>
internal static class TrainingDevice
{
    private static readonly string[] Words = ["auto", "cpu", "cuda", "mps"];

    /// <summary>The device that a word means on this machine.</summary>
    /// <param name="wanted">The property SscmaDevice.</param>
    /// <param name="find">Asks what there is; not called for the processor.</param>
    /// <exception cref="DiagnosticException">SSCMA2054: there is no such word, or no such device here.</exception>
    public static DeviceType Choose(string wanted, Func<DeviceSupport> find)
    {
        switch (wanted.ToLowerInvariant())
        {
            case "cpu":
                return DeviceType.CPU;
            case "auto":
                return find().CudaDevices > 0 ? DeviceType.CUDA : DeviceType.CPU;
            case "cuda":
                return find() is { CudaDevices: 0 } here ? throw WithoutCuda(here) : DeviceType.CUDA;
            case "mps":
                return find().Mps ? DeviceType.MPS : throw Wrong("SscmaDevice is 'mps', Apple's Metal, which does not answer: it needs a Mac with Apple silicon and macOS 13 or newer. Take SscmaDevice=auto or cpu.");
            default:
                throw Wrong($"SscmaDevice is '{wanted}', expected one of {string.Join(", ", Words)}.");
        }
    }

    /// <summary>The name of a device in files and messages.</summary>
    public static string NameOf(DeviceType device) => device.ToString().ToLowerInvariant();

    private static DiagnosticException WithoutCuda(DeviceSupport here) => here.CudaLibrary
        ? Wrong($"SscmaDevice is 'cuda', but no CUDA device answers the libtorch in '{here.Folder}'. Install NVIDIA's driver for CUDA 12.8 or newer; 'nvidia-smi' has to list a device, in a container too (docker run --gpus all). Or take SscmaDevice=auto or cpu.")
        : Wrong($"SscmaDevice is 'cuda', but the libtorch in '{here.Folder}' is the one for the processor. Let SscmaLibTorch name a folder with libtorch 2.10 for CUDA 12.8: the NuGet package TorchSharp-cuda-linux or TorchSharp-cuda-windows, version 0.107.0, makes one, as docs/training.md (On a GPU) shows. Or take SscmaDevice=auto or cpu.");

    private static DiagnosticException Wrong(string message) => new(Codes.DeviceUnknown, message);
}
