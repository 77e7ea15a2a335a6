using System.Runtime.Intrinsics;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Kernels of int8 convolutions for the path that the node asks for; the plain kernel where no other serves.</summary>
internal static class VectorKernels
{
    public static IKernel Conv(Node node)
    {
        var setup = ConvSetup.OfConv(node);
        var serves = setup.FilterChannels == setup.InputChannels && Serves(node, setup) && ConvBands.AreReasonable(setup);
        return serves ? Dense(node, setup) : new Conv2D<sbyte>(setup);
    }

    public static IKernel FullyConnected(Node node)
    {
        var setup = ConvSetup.OfFullyConnected(node);
        return Serves(node, setup) && ConvBands.AreReasonable(setup) ? Dense(node, setup) : new FullyConnected<sbyte>(setup);
    }

    public static IKernel DepthwiseConv(Node node)
    {
        var setup = ConvSetup.OfDepthwise(node);
        if (!Serves(node, setup) || setup.OutputChannels != setup.InputChannels || !ConvBands.AreReasonable(setup))
            return new DepthwiseConv2D<sbyte>(setup);
        return node.Path switch
        {
            KernelPath.AvxVnni => new VectorDepthwiseConv2D<AvxVnniUnit, Vector256<int>>(setup, node.Workspace),
            KernelPath.Avx512 => new VectorDepthwiseConv2D<Avx512Unit, Vector512<int>>(setup, node.Workspace),
            KernelPath.Avx2 => new VectorDepthwiseConv2D<Avx2Unit, Vector256<int>>(setup, node.Workspace),
            KernelPath.ArmDot => new VectorDepthwiseConv2D<ArmDotUnit, Vector128<int>>(setup, node.Workspace),
            KernelPath.Portable512 => new VectorDepthwiseConv2D<PortableUnit512, Vector512<int>>(setup, node.Workspace),
            KernelPath.Portable256 => new VectorDepthwiseConv2D<PortableUnit256, Vector256<int>>(setup, node.Workspace),
            _ => new VectorDepthwiseConv2D<PortableUnit128, Vector128<int>>(setup, node.Workspace),
        };
    }

    // A constant as input lies outside of the arena, where vectors may not read beyond its end; no converter writes such a thing.
    private static bool Serves(Node node, ConvSetup setup) =>
        node.Path != KernelPath.Plain && setup.Output.Count > 0 && !setup.Input.IsConstant;

    private static IKernel Dense(Node node, ConvSetup setup) => node.Path switch
    {
        KernelPath.AvxVnni => new VectorConv2D<AvxVnniUnit, Vector256<int>>(setup, node.Workspace),
        KernelPath.Avx512 => new VectorConv2D<Avx512Unit, Vector512<int>>(setup, node.Workspace),
        KernelPath.Avx2 => new VectorConv2D<Avx2Unit, Vector256<int>>(setup, node.Workspace),
        KernelPath.ArmDot => new VectorConv2D<ArmDotUnit, Vector128<int>>(setup, node.Workspace),
        KernelPath.Portable512 => new VectorConv2D<PortableUnit512, Vector512<int>>(setup, node.Workspace),
        KernelPath.Portable256 => new VectorConv2D<PortableUnit256, Vector256<int>>(setup, node.Workspace),
        _ => new VectorConv2D<PortableUnit128, Vector128<int>>(setup, node.Workspace),
    };
}
