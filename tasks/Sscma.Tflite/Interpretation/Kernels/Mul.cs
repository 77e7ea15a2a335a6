using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Product of int8 codes of different quantization.</summary>
internal sealed unsafe class Mul : IKernel, IParts
{
    private readonly Operand _a;
    private readonly Operand _b;
    private readonly Operand _output;
    private readonly Broadcast _walk;
    private readonly Crew _crew;
    private readonly Cut _cut;
    private readonly bool _vectors;
    private readonly int _zeroA;
    private readonly int _zeroB;
    private readonly Requantizer _requantizer;

    public Mul(Node node)
    {
        _a = node.Input(0, TensorType.Int8);
        _b = node.Input(1, TensorType.Int8);
        _output = node.Output(TensorType.Int8);
        _walk = new Broadcast(node, _a, _b, _output);
        _crew = node.Workspace.Crew;
        _cut = new Cut(_output.Count, 0.3 * _output.Count, _crew.Size);
        _vectors = node.Path != KernelPath.Plain;
        (_zeroA, _zeroB) = (_a.ZeroPoint, _b.ZeroPoint);
        var range = CodeRange.Of(node.Options<MulOptions>().Activation, _output, node);
        _requantizer = new Requantizer(Multiplier.Of((double)_a.Scale * _b.Scale / _output.Scale), _output.ZeroPoint, range);
    }

    public void Run() => _crew.Run(_cut.Count, this);

    public void RunPart(int part, int worker)
    {
        var codesA = _a.Int8;
        var codesB = _b.Int8;
        var output = _output.Int8;
        var (stepA, stepB) = (_walk.StepA, _walk.StepB);
        Span<int> products = stackalloc int[Requantizer.Block];
        var (at, end) = _cut[part];
        while (at < end)
        {
            var (a, b, count) = _walk.StretchAt(at, Math.Min(end, at + products.Length));
            var done = _vectors && stepA == 1 ? MultiplyVectors(codesA.Slice(a, count), codesB[b..], products) : 0;
            (a, b) = (a + (done * stepA), b + (done * stepB));
            for (var i = done; i < count; i++, a += stepA, b += stepB)
                products[i] = (codesA[a] - _zeroA) * (codesB[b] - _zeroB);
            _requantizer.Apply(products[..count], output.Slice(at, count));
            at += count;
        }
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
                    var y = _walk.StepB == 0 ? Vector512.Create(constant) : Avx512F.ConvertToVector512Int32(Vector128.Load(b + i)) - Vector512.Create(_zeroB);
                    (x * y).Store(to + i);
                }
            }
            else if (Avx2.IsSupported)
            {
                for (; i <= codesA.Length - 8; i += 8)
                {
                    var x = Avx2.ConvertToVector256Int32(a + i) - Vector256.Create(_zeroA);
                    var y = _walk.StepB == 0 ? Vector256.Create(constant) : Avx2.ConvertToVector256Int32(b + i) - Vector256.Create(_zeroB);
                    (x * y).Store(to + i);
                }
            }
        }

        return i;
    }
}
