using Sscma.Training.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace Sscma.Training.Devices;

/// <summary>Where and in which types a training computes.</summary>
/// <param name="Type">The kind of device.</param>
/// <param name="Amp">Convolutions in float16: the configuration asks for it and the device has it.</param>
internal sealed record ComputePlan(DeviceType Type, bool Amp)
{
    /// <summary>The device.</summary>
    public Device Device { get; } = new(Type);

    /// <summary>The type of convolutions in training; null for float32.</summary>
    public ScalarType? Reduced => Amp ? ScalarType.Float16 : null;

    /// <summary>The plan of a configuration. float16 is for CUDA; processors and Metal train in float32.</summary>
    public static ComputePlan Of(TrainConfig config, DeviceType device) => new(device, config.Amp && device == DeviceType.CUDA);

    /// <summary>As it stands in training.json and decides about checkpoints: <c>cpu</c>, <c>cuda</c>, <c>cuda float16</c>, <c>mps</c>.</summary>
    public override string ToString() => TrainingDevice.NameOf(Type) + (Amp ? " float16" : "");

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
