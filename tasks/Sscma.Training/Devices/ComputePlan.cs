using System.Runtime.Intrinsics.X86;
using Sscma.Training.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace Sscma.Training.Devices;

/// <summary>Where and in which types a training computes.</summary>
/// <param name="Type">The kind of device.</param>
/// <param name="Reduced">The type of convolutions in training, where it is not float32: float16 on CUDA, bfloat16 on the processor.</param>
internal sealed record ComputePlan(DeviceType Type, ScalarType? Reduced)
{
    /// <summary>The device.</summary>
    public Device Device { get; } = new(Type);

    /// <summary>Whether gradients need a factor that keeps them within the type: float16 has a short exponent, bfloat16 that of float32.</summary>
    public bool Scales => Reduced == ScalarType.Float16;

    /// <summary>The plan of a configuration. float16 is for CUDA, bfloat16 for processors; Metal trains in float32.</summary>
    public static ComputePlan Of(TrainConfig config, DeviceType device) => new(device, device switch
    {
        DeviceType.CUDA when config.Amp => ScalarType.Float16,
        DeviceType.CPU when config.Bfloat16 => ScalarType.BFloat16,
        _ => null,
    });

    /// <summary>As it stands in training.json and decides about checkpoints: <c>cpu</c>, <c>cpu bfloat16</c>, <c>cuda</c>, <c>cuda float16</c>, <c>mps</c>.</summary>
    public override string ToString() => TrainingDevice.NameOf(Type) + (Reduced is { } type ? $" {type.ToString().ToLowerInvariant()}" : "");

    /// <summary>Whether this processor has instructions for bfloat16; without them libtorch takes more time for it than for float32.</summary>
    public static bool HasBFloat16 => X86Base.IsSupported
        && ((X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0 || (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0);

    /// <summary>
    /// Prepares libtorch: on CUDA float32 is not shortened to TF32. TorchSharp 0.107 has no switch for deterministic algorithms, so the
    /// last bits of a training on CUDA may differ from run to run.
    /// </summary>
    public void Prepare(int threads)
    {
        set_num_threads(threads);
        if (Type != DeviceType.CUDA)
            return;
        backends.cudnn.allow_tf32 = false;
        backends.cuda.matmul.allow_tf32 = false;
    }
}
