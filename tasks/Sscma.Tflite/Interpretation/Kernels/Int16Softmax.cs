using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// Softmax of int16 codes over the last axis, by two tables of 512 intervals: e^x from -10 to 0, and 1/(1 + x) from 0 to 1. Source: TensorFlow Lite Micro,
/// state of August 2026, whose tables are computed in float32; TensorFlow Lite 2.9 computes them in float64.
/// </summary>
internal sealed class Int16Softmax : IKernel
{
    // e^-10 and less do not count.
    private const double LargestDifference = 10;

    private static readonly short[] Exponentials = Tabulate(10f / 65535, short.MaxValue, MathF.Exp);
    private static readonly short[] Reciprocals = Tabulate(1f / 65535, short.MinValue, x => 1 / (1 + x));

    private readonly Operand _input;
    private readonly Operand _output;
    private readonly Multiplier _factor;

    public Int16Softmax(Node node)
    {
        (_input, _output) = (node.Input(0, TensorType.Int16), node.Output(TensorType.Int16));
        node.RequireShape(_output, _input.Shape);
        node.Require(_input.Rank > 0 && _input.Shape[^1] > 0, "needs a last axis");
        node.Require(_input.ZeroPoint == 0 && _output is { Scale: 1f / 32768, ZeroPoint: 0 }, "must have an output of scale 1/32768");
        node.Require(_input.Shape[^1] <= 1 << 16, $"adds {_input.Shape[^1]} exponentials, more than 32 bits hold");
        var beta = node.Options<SoftmaxOptions>().Beta;
        node.Require(beta > 0, $"has the factor {beta}");
        _factor = Multiplier.Of((double)_input.Scale * beta / (LargestDifference / 65535));
    }

    public void Run()
    {
        var depth = _input.Shape[^1];
        for (var at = 0; at < _input.Count; at += depth)
            Row(_input.Int16.Slice(at, depth), _output.Int16.Slice(at, depth));
    }

    // Between two entries of a table, of which each spans 128 codes.
    private static short LookUp(int code, short[] table)
    {
        var (index, offset) = (256 + (code >> 7), code & 127);
        var slope = (short)(table[index + 1] - table[index]);
        return (short)(table[index] + (((slope * offset) + 64) >> 7));
    }

    // Entries in Q0.15 for the codes -2^15, -2^15 + 128, …; each takes on half of the error in the middle of its interval.
    private static short[] Tabulate(float scale, int zeroPoint, Func<float, float> function)
    {
        const float One = 65536 / ((2f / 65535 * short.MaxValue) - (2f / 65535 * short.MinValue));
        var (first, last) = (scale * (short.MinValue - zeroPoint), scale * (short.MaxValue - zeroPoint));
        var step = (last - first) / 512;
        var table = new short[513];
        for (var i = 0; i < 512; i++)
        {
            var here = Round(function(first + (i * step)) * One);
            var middle = Round(function(first + (i * step) + (step / 2)) * One);
            var chord = Round(((function(first + ((i + 1) * step)) * One) + here) / 2);
            table[i] = (short)Math.Clamp(here - Round((chord - middle) / 2), short.MinValue, short.MaxValue);
        }

        table[512] = (short)Math.Clamp(Round(function(last) * One), short.MinValue, short.MaxValue);
        return table;

        static float Round(float value) => MathF.Round(value, MidpointRounding.AwayFromZero);
    }

    private void Row(ReadOnlySpan<short> codes, Span<short> output)
    {
        var greatest = short.MinValue;
        foreach (var code in codes)
            greatest = Math.Max(greatest, code);

        // Q16.15: 2^16 terms of at most 1 fit.
        var sum = 0;
        for (var i = 0; i < codes.Length; i++)
        {
            output[i] = LookUp(Math.Clamp(_factor.Apply(codes[i] - greatest) + short.MaxValue, short.MinValue, short.MaxValue), Exponentials);
            sum += output[i];
        }

        // sum = 2^(16 - headroom) * (1 + fraction), the fraction in 16 bits.
        var headroom = BitOperations.LeadingZeroCount((uint)sum);
        var fraction = (int)((((long)sum << (headroom - 1)) + (1 << 13)) >> 14) - (1 << 15) - (1 << 16);
        var reciprocal = LookUp(Math.Clamp(fraction, short.MinValue, short.MaxValue), Reciprocals);
        var shift = 31 - headroom;
        for (var i = 0; i < output.Length; i++)
            output[i] = (short)Math.Clamp((((long)output[i] * reciprocal) + (1L << (shift - 1))) >> shift, 0, short.MaxValue);
    }
}
