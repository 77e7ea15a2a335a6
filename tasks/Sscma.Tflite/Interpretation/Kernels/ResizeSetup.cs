namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>What a resize needs to know: checked shapes. Input (N, H, W, C), output (N, H', W', C).</summary>
internal sealed class ResizeSetup
{
    public ResizeSetup(Node node, bool alignCorners, bool halfPixelCenters)
    {
        (Input, Output) = (node.Input(0), node.Output());
        (AlignCorners, HalfPixelCenters) = (alignCorners, halfPixelCenters);
        node.Require(Input.Type == Output.Type && Input.Rank == 4 && Output.Rank == 4, "needs an input and an output of rank 4 and one type");
        node.Require(Input.Count > 0 && Output.Count > 0, "has an empty tensor");
        node.Require(Input.Shape[1] <= 1 << 20 && Input.Shape[2] <= 1 << 20, "has an input side above 2^20");
        node.Require(!(alignCorners && halfPixelCenters), "cannot both align corners and use half pixel centres");
        var size = node.Numbers(1);
        node.Require(size.Length == 2, $"has a size of {size.Length} numbers");
        node.RequireShape(Output, Input.Shape[0], size[0], size[1], Input.Shape[3]);
    }

    public Operand Input { get; }

    public Operand Output { get; }

    public bool AlignCorners { get; }

    public bool HalfPixelCenters { get; }

    public int Channels => Input.Shape[3];
}
