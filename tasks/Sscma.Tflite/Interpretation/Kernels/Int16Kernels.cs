namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Kernels of convolutions of int16 codes with int8 weights.</summary>
internal static class Int16Kernels
{
    public static IKernel Conv(Node node) => new Conv2D<short>(ConvSetup.OfConv(node));

    public static IKernel DepthwiseConv(Node node) => new DepthwiseConv2D<short>(ConvSetup.OfDepthwise(node));

    public static IKernel FullyConnected(Node node) => new FullyConnected<short>(ConvSetup.OfFullyConnected(node));
}
