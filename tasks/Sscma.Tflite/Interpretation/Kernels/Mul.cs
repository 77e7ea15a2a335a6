using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Product of int8 codes of different quantization.</summary>
internal sealed unsafe class Mul : PairKernel
{
    private readonly bool _vectors;
    private readonly int _zeroA;
    private readonly int _zeroB;
    private readonly Requantizer _requantizer;

    public Mul(Node node)
        : base(node, nanoseconds: 0.5)
    {
        _vectors = node.Path != KernelPath.Plain;
        (_zeroA, _zeroB) = (A.ZeroPoint, B.ZeroPoint);
        var range = CodeRange.Of(node.Options<MulOptions>().Activation, Output, node);
        _requantizer = new Requantizer(Multiplier.Of((double)A.Scale * B.Scale / Output.Scale), Output.ZeroPoint, range);
    }

    protected override void Combine(int a, int b, int at, int count, Span<int> scratch)
    {
        var codesA = A.Int8;
        var codesB = B.Int8;
        var products = scratch[..count];
        var done = _vectors && StepA == 1 ? MultiplyVectors(codesA.Slice(a, count), codesB[b..], products) : 0;
        for (var i = done; i < count; i++)
            products[i] = (codesA[a + (i * StepA)] - _zeroA) * (codesB[b + (i * StepB)] - _zeroB);
        _requantizer.Apply(products, Output.Int8.Slice(at, count));
    }

    // As many products as fill vectors; returns how many.
    private int MultiplyVectors(ReadOnlySpan<sbyte> codesA, ReadOnlySpan<sbyte> codesB, Span<int> products)
    {
        var i = 0;
        var constant = codesB[0] - _zeroB;
        fixed (sbyte* a = codesA, b = codesB)
        fixed (int* to = products)
        {
            if (Avx512BW.IsSupported)
            {
                for (; i <= codesA.Length - 16; i += 16)
                {
                    var x = Avx512F.ConvertToVector512Int32(Vector128.Load(a + i)) - Vector512.Create(_zeroA);
                    var y = StepB == 0 ? Vector512.Create(constant) : Avx512F.ConvertToVector512Int32(Vector128.Load(b + i)) - Vector512.Create(_zeroB);
                    (x * y).Store(to + i);
                }
            }
            else if (Avx2.IsSupported)
            {
                for (; i <= codesA.Length - 8; i += 8)
                {
                    var x = Avx2.ConvertToVector256Int32(a + i) - Vector256.Create(_zeroA);
                    var y = StepB == 0 ? Vector256.Create(constant) : Avx2.ConvertToVector256Int32(b + i) - Vector256.Create(_zeroB);
                    (x * y).Store(to + i);
                }
            }
        }

        return i;
    }
}
