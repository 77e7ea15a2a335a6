using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Scales;
using Sscma.Tflite;

namespace Sscma.Quantization.Reports;

/// <summary>How alike the int8 and the float values of one activation are.</summary>
internal sealed class Likeness
{
    private double _float, _codes, _product, _error;

    public double? SqnrDb => _error > 0 && _float > 0 ? Math.Round(10 * Math.Log10(_float / _error), 3) : null;

    public double? Cosine => _float > 0 && _codes > 0 ? Math.Round(_product / Math.Sqrt(_float * _codes), 7) : null;

    public void Add(double real, double code)
    {
        _float += real * real;
        _codes += code * code;
        _product += real * code;
        _error += (real - code) * (real - code);
    }
}

/// <summary>Runs the int8 and the float model side by side and compares every value that both have.</summary>
internal static class Comparison
{
    /// <summary>Compares on the first images.</summary>
    public static IReadOnlyDictionary<Value, Likeness> Run(Conversion conversion, OnnxModel model, IReadOnlyList<float[]> images, int count, int threads)
    {
        var computed = model.Nodes.SelectMany(node => node.Outputs).ToHashSet(StringComparer.Ordinal);
        Value[] values = [.. conversion.Plan.Network.Layers.Select(layer => layer.Output).Where(value => value.Shape.Length == 4 && computed.Contains(value.Name))];
        var likeness = values.ToDictionary(value => value, _ => new Likeness());
        if (count == 0)
            return likeness;

        var input = conversion.Plan.Network.Input;
        var outputs = conversion.Plan.Network.Layers.OfType<ReshapeLayer>().Select(layer => layer.Input).ToHashSet();
        using var session = OnnxSession.WithValues(model, values.Select(value => value.Name), threads);
        var interpreter = new Interpreter(conversion.Model with { Outputs = [.. values.Select(value => conversion.Places[value])] });
        foreach (var image in images.Take(count))
        {
            var reals = session.Run(image, 1, input.Channels, input.Height, input.Width);
            var codes = interpreter.Run([Pixels(image, input)]);
            for (var i = 0; i < values.Length; i++)
                Compare(values[i], reals[i], codes[i], conversion.Plan.Codes[values[i]], outputs.Contains(values[i]), likeness[values[i]]);
        }

        return likeness;
    }

    /// <summary>(C, H, W) in 0..1 → (H, W, C) as int8 codes: pixel - 128.</summary>
    public static byte[] Pixels(float[] image, Value input)
    {
        var codes = new byte[image.Length];
        var pixels = input.Height * input.Width;
        for (var channel = 0; channel < input.Channels; channel++)
        {
            for (var pixel = 0; pixel < pixels; pixel++)
                codes[(pixel * input.Channels) + channel] = (byte)(sbyte)Math.Clamp(Math.Round(image[(channel * pixels) + pixel] * 255) - 128, -128, 127);
        }

        return codes;
    }

    /// <summary>
    /// The float value may have fewer channels: the class that was added has no equal there. Of an output, reals beyond the codes count
    /// as the last code: hopeless logits are cut off on purpose, and boxes have codes for all that was seen.
    /// </summary>
    private static void Compare(Value value, OnnxTensor real, byte[] codes, Codes8 meaning, bool isOutput, Likeness likeness)
    {
        var (low, high) = isOutput ? (meaning.Range.Min, meaning.Range.Max) : (float.NegativeInfinity, float.PositiveInfinity);
        var reals = real.Values<float>();
        var pixels = value.Height * value.Width;
        var channels = (int)real.Shape[1];
        for (var channel = 0; channel < channels; channel++)
        {
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                var code = (sbyte)codes[(pixel * value.Channels) + channel];
                likeness.Add(Math.Clamp(reals[(channel * pixels) + pixel], low, high), meaning.Scale * (double)(code - meaning.ZeroPoint));
            }
        }
    }
}
