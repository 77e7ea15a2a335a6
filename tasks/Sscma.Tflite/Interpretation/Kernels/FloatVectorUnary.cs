using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// An activation of float32 values, many at a time, by threads that share them. <see cref="FloatUnary"/> is the definition; exponentials differ from its in their last
/// bits, but never with a value's place or the number of threads: what is left over at an end is computed as a vector, too.
/// </summary>
internal sealed class FloatVectorUnary : IKernel, IParts
{
    private const double NanosecondsOfExponentials = 0.5;
    private const double NanosecondsOfOthers = 0.1;

    private readonly Operand _input;
    private readonly Operand _output;
    private readonly BuiltinOperator _code;
    private readonly float _alpha;
    private readonly Cut _cut;

    public FloatVectorUnary(Node node)
    {
        (_input, _output) = (node.Input(0, TensorType.Float32), node.Output(TensorType.Float32));
        node.RequireShape(_output, _input.Shape);
        _code = node.Code;
        _alpha = node.Code == BuiltinOperator.LeakyRelu ? node.Options<LeakyReluOptions>().Alpha : 0;
        _cut = new Cut(_output.Count, (IsExponential(_code) ? NanosecondsOfExponentials : NanosecondsOfOthers) * _output.Count, node.Workspace.Crew);
    }

    /// <summary>Whether this has the node's function, and the node's path has vectors.</summary>
    public static bool Suits(Node node) => node.Path is not (Vectors.KernelPath.Plain or Vectors.KernelPath.PlainLite) && node.Code != BuiltinOperator.Tanh;

    public void Run() => _cut.Run(this);

    public void RunPart(int part, int worker)
    {
        var (first, end) = _cut[part];
        var input = _input.Floats[first..end];
        var output = _output.Floats[first..end];
        switch (_code)
        {
            case BuiltinOperator.Logistic:
                Apply<Sigmoid>(input, output);
                break;
            case BuiltinOperator.HardSwish:
                Apply<HardSwish>(input, output);
                break;
            case BuiltinOperator.LeakyRelu:
                Apply<Leaky>(input, output);
                break;
            case BuiltinOperator.Relu:
                Apply<Positive>(input, output);
                break;
            default:
                Apply<UpToSix>(input, output);
                break;
        }
    }

    private static bool IsExponential(BuiltinOperator code) => code == BuiltinOperator.Logistic;

    private void Apply<TFunction>(ReadOnlySpan<float> input, Span<float> output)
        where TFunction : struct, IFunction
    {
        var whole = MemoryMarshal.Cast<float, Vector<float>>(input);
        var results = MemoryMarshal.Cast<float, Vector<float>>(output);
        for (var i = 0; i < whole.Length; i++)
            results[i] = TFunction.Of(whole[i], _alpha);
        var done = whole.Length * Vector<float>.Count;
        if (done == input.Length)
            return;
        Span<float> last = stackalloc float[Vector<float>.Count];
        last.Clear();
        input[done..].CopyTo(last);
        TFunction.Of(new Vector<float>(last), _alpha).CopyTo(last);
        last[..(input.Length - done)].CopyTo(output[done..]);
    }

    private interface IFunction
    {
        static abstract Vector<float> Of(Vector<float> x, float alpha);
    }

    private readonly struct Sigmoid : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x, float alpha) => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));
    }

    private readonly struct HardSwish : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x, float alpha) =>
            x * Vector.Min(Vector.Max(x + new Vector<float>(3), Vector<float>.Zero), new Vector<float>(6)) / new Vector<float>(6);
    }

    private readonly struct Leaky : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x, float alpha) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), x, x * alpha);
    }

    private readonly struct Positive : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x, float alpha) => Vector.Max(x, Vector<float>.Zero);
    }

    private readonly struct UpToSix : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x, float alpha) => Vector.Min(Vector.Max(x, Vector<float>.Zero), new Vector<float>(6));
    }
}
