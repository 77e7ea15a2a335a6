namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Product of int16 codes of different scales.</summary>
internal sealed class Int16Mul : PairKernel
{
    private readonly Multiplier _multiplier;
    private readonly CodeRange _range;

    public Int16Mul(Node node)
        : base(node, nanoseconds: 0.5)
    {
        node.Require(A.ZeroPoint == 0 && B.ZeroPoint == 0, "needs symmetric codes");
        _multiplier = Multiplier.Of((double)A.Scale * B.Scale / Output.Scale);
        _range = CodeRange.Of(node.Options<MulOptions>().Activation, Output, node);
    }

    protected override void Combine(int a, int b, int at, int count, Span<int> scratch)
    {
        var products = scratch[..count];
        var others = scratch.Slice(Block, count);
        Int16Blocks.Widen(A.Int16, a, StepA, 0, products);
        Int16Blocks.Widen(B.Int16, b, StepB, 0, others);
        for (var i = 0; i < count; i++)
            products[i] *= others[i]; // at most 2^30
        Int16Blocks.Scale(_multiplier, products);
        Int16Blocks.Narrow(products, _range, Output.Int16.Slice(at, count));
    }
}
