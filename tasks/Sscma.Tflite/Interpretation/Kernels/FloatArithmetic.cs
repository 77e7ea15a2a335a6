using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Sum, difference or product of float32 tensors.</summary>
internal sealed class FloatArithmetic(Node node) : PairKernel(node, nanoseconds: 0.15)
{
    private readonly BuiltinOperator _code = node.Code;
    private readonly (float Lowest, float Highest) _range = CodeRange.Floats(ActivationOf(node), node);

    protected override void Combine(int a, int b, int at, int count, Span<int> scratch)
    {
        var valuesA = new Stretch(A.Floats[a..], StepA);
        var valuesB = new Stretch(B.Floats[b..], StepB);
        var output = Output.Floats.Slice(at, count);
        switch (_code)
        {
            case BuiltinOperator.Add:
                Combine<Sum>(valuesA, valuesB, output);
                break;
            case BuiltinOperator.Sub:
                Combine<Difference>(valuesA, valuesB, output);
                break;
            default:
                Combine<Product>(valuesA, valuesB, output);
                break;
        }
    }

    private static Activation ActivationOf(Node node) => node.Code switch
    {
        BuiltinOperator.Add => node.Options<AddOptions>().Activation,
        BuiltinOperator.Sub => node.Options<SubOptions>().Activation,
        _ => node.Options<MulOptions>().Activation,
    };

    // Vectors as far as whole ones go. Each result is rounded once, so it does not matter which are which.
    private void Combine<TFunction>(Stretch a, Stretch b, Span<float> output)
        where TFunction : struct, IFunction
    {
        var (lowest, highest) = (new Vector<float>(_range.Lowest), new Vector<float>(_range.Highest));
        var i = 0;
        for (; i <= output.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.Min(Vector.Max(TFunction.Of(a.VectorAt(i), b.VectorAt(i)), lowest), highest).CopyTo(output[i..]);
        for (; i < output.Length; i++)
            output[i] = Math.Clamp(TFunction.Of(a.Values[i * a.Step], b.Values[i * b.Step]), _range.Lowest, _range.Highest);
    }

    private interface IFunction
    {
        static abstract Vector<float> Of(Vector<float> a, Vector<float> b);

        static abstract float Of(float a, float b);
    }

    private readonly ref struct Stretch(ReadOnlySpan<float> values, int step)
    {
        public ReadOnlySpan<float> Values { get; } = values;

        public int Step => step;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> VectorAt(int i) => step == 0 ? new Vector<float>(Values[0]) : new Vector<float>(Values[i..]);
    }

    private readonly struct Sum : IFunction
    {
        public static Vector<float> Of(Vector<float> a, Vector<float> b) => a + b;

        public static float Of(float a, float b) => a + b;
    }

    private readonly struct Difference : IFunction
    {
        public static Vector<float> Of(Vector<float> a, Vector<float> b) => a - b;

        public static float Of(float a, float b) => a - b;
    }

    private readonly struct Product : IFunction
    {
        public static Vector<float> Of(Vector<float> a, Vector<float> b) => a * b;

        public static float Of(float a, float b) => a * b;
    }
}
