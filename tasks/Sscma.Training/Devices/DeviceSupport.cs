using Sscma.Natives;
using TorchSharp;

namespace Sscma.Training.Devices;

/// <summary>What this machine and its libtorch have.</summary>
/// <param name="Folder">Where libtorch lies; null when .NET finds it by itself.</param>
/// <param name="CudaLibrary">libtorch was built for CUDA.</param>
/// <param name="CudaDevices">CUDA devices that answer.</param>
/// <param name="Mps">Apple's Metal answers.</param>
internal sealed record DeviceSupport(string? Folder, bool CudaLibrary, int CudaDevices, bool Mps)
{
    /// <summary>Asks libtorch, which is loaded by then.</summary>
    public static DeviceSupport Here()
    {
        NativeLibraries.UseTorch();
        var hasCuda = NativeLibraries.TorchHasCuda;
        return new DeviceSupport(NativeLibraries.TorchFolder, hasCuda, hasCuda && torch.cuda.is_available() ? torch.cuda.device_count() : 0, torch.mps_is_available());
    }
}
