namespace Sscma.Tflite.Interpretation.Kernels;
internal static class FastDepthwiseConv2D { public static IKernel? TryCreate(Node node) => null; }
