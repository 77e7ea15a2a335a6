namespace Sscma.Tflite.Interpretation.Kernels;
internal static class FastConv2D { public static IKernel? TryCreate(Node node) => null; }
