using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>The numbers of a value in the processor's memory, in the order in which they lie there.</summary>
internal static class TensorMemory
{
    /// <summary>The numbers of a channels-last value (N, C, H, W) or of a vector, both of float32.</summary>
    public static Span<float> Of(Tensor value) => MemoryMarshal.Cast<byte, float>(BytesOf(value));

    /// <summary>The memory of a channels-last value (N, C, H, W) or of a vector, of any type.</summary>
    public static Span<byte> BytesOf(Tensor value)
    {
        using var flat = value.Dimensions == 4 ? value.detach().permute(0, 2, 3, 1) : value.detach();
        return flat.bytes;
    }

    /// <summary>The value itself if it is channels-last, else a copy that is. Gradients usually arrive in the order of their value; a broadcast one (of a mean, say) does not.</summary>
    public static Tensor ChannelsLast(Tensor value) => value.permute(0, 2, 3, 1).is_contiguous() ? value : TorchOps.ChannelsLast(value);
}
