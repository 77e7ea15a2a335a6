namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Same elements under another shape: Reshape, Squeeze, ExpandDims. The output's shape stands in the file.</summary>
internal sealed class Reshape : IKernel
{
    private readonly Operand _input;
    private readonly Operand _output;

    public Reshape(Node node)
    {
        var (input, output) = (node.Input(0), node.Output());
        node.Require(input.Type == output.Type && input.Count == output.Count, $"makes {output.ShapeText} of {output.Type} from {input.ShapeText} of {input.Type}");
        (_input, _output) = (input, output);
    }

    public void Run() => _input.Bytes.CopyTo(_output.Bytes);
}
