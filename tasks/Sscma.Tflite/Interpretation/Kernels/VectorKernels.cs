using System.Runtime.Intrinsics;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Kernels of convolutions and matrix products for the path that the node asks for; the plain kernel where no other serves.</summary>
internal static class VectorKernels
{
    /// <summary>A convolution or matrix product of int8 codes.</summary>
    public static IKernel OfInt8(Node node)
    {
        var setup = new ConvSetup(node);
        if (!setup.SuitsVectors(node) || !setup.IsDense)
            return new Conv2D<sbyte>(setup);
        if (WinogradOf(setup, node) is { } winograd)
            return winograd;
        return node.Path switch
        {
            KernelPath.Avx512Vnni or KernelPath.AvxVnni => new VectorConv2D<AvxVnniUnit, Vector256<int>>(setup, node.Workspace),
            // Few channels would leave half of the lanes empty.
            KernelPath.Avx512 when setup.OutputChannels > Avx2Unit.Lanes => new VectorConv2D<Avx512Unit, Vector512<int>>(setup, node.Workspace),
            KernelPath.Avx512 or KernelPath.Avx2 => new VectorConv2D<Avx2Unit, Vector256<int>>(setup, node.Workspace),
            KernelPath.ArmDot => new VectorConv2D<ArmDotUnit, Vector128<int>>(setup, node.Workspace),
            KernelPath.Portable512 => new VectorConv2D<PortableUnit512, Vector512<int>>(setup, node.Workspace),
            KernelPath.Portable256 => new VectorConv2D<PortableUnit256, Vector256<int>>(setup, node.Workspace),
            _ => new VectorConv2D<PortableUnit128, Vector128<int>>(setup, node.Workspace),
        };
    }

    // The numbers are what a product costs by the kernel that would do it otherwise and by this one. Arm's dot product gains nothing: words take four times as long.
    private static IKernel? WinogradOf(ConvSetup setup, Node node) => node.Path switch
    {
        KernelPath.Avx512Vnni when WinogradChoice.Suits(setup, 1, 1.25) => new WinogradConv2D<Avx512Unit, Vector512<int>>(setup, node.Workspace),
        KernelPath.Avx512 when WinogradChoice.Suits(setup, 1.25, 1.25) => new WinogradConv2D<Avx512Unit, Vector512<int>>(setup, node.Workspace),
        KernelPath.AvxVnni when WinogradChoice.Suits(setup, 1, 2) => new WinogradConv2D<AvxVnniPairUnit, Vector256<int>>(setup, node.Workspace),
        KernelPath.Avx2 when WinogradChoice.Suits(setup, 2.4, 2.4) => new WinogradConv2D<Avx2Unit, Vector256<int>>(setup, node.Workspace),
        KernelPath.Portable512 when WinogradChoice.Suits(setup, 4, 4) => new WinogradConv2D<PairUnit512, Vector512<int>>(setup, node.Workspace),
        KernelPath.Portable256 when WinogradChoice.Suits(setup, 4, 4) => new WinogradConv2D<PairUnit256, Vector256<int>>(setup, node.Workspace),
        KernelPath.Portable128 when WinogradChoice.Suits(setup, 8, 8) => new WinogradConv2D<PairUnit128, Vector128<int>>(setup, node.Workspace),
        _ => null,
    };

    /// <summary>A depthwise convolution of int8 codes.</summary>
    public static IKernel DepthwiseOfInt8(Node node)
    {
        var setup = new ConvSetup(node);
        if (!setup.SuitsVectors(node) || setup.OutputChannels != setup.InputChannels)
            return new DepthwiseConv2D<sbyte>(setup);
        return node.Path switch
        {
            KernelPath.Avx512Vnni or KernelPath.AvxVnni => new VectorDepthwiseConv2D<AvxVnniUnit, Vector256<int>>(setup, node.Workspace),
            KernelPath.Avx512 => new VectorDepthwiseConv2D<Avx512Unit, Vector512<int>>(setup, node.Workspace),
            KernelPath.Avx2 => new VectorDepthwiseConv2D<Avx2Unit, Vector256<int>>(setup, node.Workspace),
            KernelPath.ArmDot => new VectorDepthwiseConv2D<ArmDotUnit, Vector128<int>>(setup, node.Workspace),
            KernelPath.Portable512 => new VectorDepthwiseConv2D<PortableUnit512, Vector512<int>>(setup, node.Workspace),
            KernelPath.Portable256 => new VectorDepthwiseConv2D<PortableUnit256, Vector256<int>>(setup, node.Workspace),
            _ => new VectorDepthwiseConv2D<PortableUnit128, Vector128<int>>(setup, node.Workspace),
        };
    }

    /// <summary>A convolution or matrix product of int16 codes.</summary>
    public static IKernel OfInt16(Node node)
    {
        var setup = new ConvSetup(node);
        if (!setup.SuitsVectors(node) || !setup.IsDense || !setup.HasWideSums)
            return new Conv2D<short>(setup);
        return node.Path switch
        {
            KernelPath.Avx512Vnni or KernelPath.Avx512 => new Int16VectorConv2D<Avx512Unit, Vector512<int>>(setup, node.Workspace),
            KernelPath.AvxVnni => new Int16VectorConv2D<AvxVnniPairUnit, Vector256<int>>(setup, node.Workspace),
            KernelPath.Avx2 => new Int16VectorConv2D<Avx2Unit, Vector256<int>>(setup, node.Workspace),
            KernelPath.Portable512 => new Int16VectorConv2D<PairUnit512, Vector512<int>>(setup, node.Workspace),
            KernelPath.Portable256 => new Int16VectorConv2D<PairUnit256, Vector256<int>>(setup, node.Workspace),
            _ => new Int16VectorConv2D<PairUnit128, Vector128<int>>(setup, node.Workspace),
        };
    }

    /// <summary>A depthwise convolution of int16 codes.</summary>
    public static IKernel DepthwiseOfInt16(Node node)
    {
        var setup = new ConvSetup(node);
        if (!setup.SuitsVectors(node) || setup.OutputChannels != setup.InputChannels || !Int16VectorDepthwiseConv2D<Int16LaneUnit128, Vector128<int>>.Fits(setup))
            return new DepthwiseConv2D<short>(setup);
        return BitsOf(node.Path) switch
        {
            512 => new Int16VectorDepthwiseConv2D<Int16LaneUnit512, Vector512<int>>(setup, node.Workspace),
            256 => new Int16VectorDepthwiseConv2D<Int16LaneUnit256, Vector256<int>>(setup, node.Workspace),
            _ => new Int16VectorDepthwiseConv2D<Int16LaneUnit128, Vector128<int>>(setup, node.Workspace),
        };
    }

    /// <summary>A convolution or matrix product of floats.</summary>
    public static IKernel OfFloat(Node node)
    {
        var setup = new FloatConvSetup(node);
        if (!setup.SuitsVectors(node) || !setup.IsDense)
            return new FloatConv2D(setup);
        return BitsOf(node.Path) switch
        {
            512 => new FloatVectorConv2D<FloatUnit512, Vector512<float>>(setup, node.Workspace),
            256 => new FloatVectorConv2D<FloatUnit256, Vector256<float>>(setup, node.Workspace),
            _ => new FloatVectorConv2D<FloatUnit128, Vector128<float>>(setup, node.Workspace),
        };
    }

    /// <summary>A depthwise convolution of floats.</summary>
    public static IKernel DepthwiseOfFloat(Node node)
    {
        var setup = new FloatConvSetup(node);
        if (!setup.SuitsVectors(node) || setup.OutputChannels != setup.InputChannels)
            return new FloatDepthwiseConv2D(setup);
        return BitsOf(node.Path) switch
        {
            512 => new FloatVectorDepthwiseConv2D<FloatUnit512, Vector512<float>>(setup, node.Workspace),
            256 => new FloatVectorDepthwiseConv2D<FloatUnit256, Vector256<float>>(setup, node.Workspace),
            _ => new FloatVectorDepthwiseConv2D<FloatUnit128, Vector128<float>>(setup, node.Workspace),
        };
    }

    private static int BitsOf(KernelPath path) => path switch
    {
        KernelPath.Avx512Vnni or KernelPath.Avx512 or KernelPath.Portable512 => 512,
        KernelPath.AvxVnni or KernelPath.Avx2 or KernelPath.Portable256 => 256,
        _ => 128,
    };
}
