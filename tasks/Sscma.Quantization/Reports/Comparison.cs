using System.Runtime.InteropServices;
using Sscma.Onnx;
using Sscma.Quantization.Calibration;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Scales;
using Sscma.Tflite;

namespace Sscma.Quantization.Reports;

/// <summary>Runs the file's model and the float model side by side and compares the values that both have.</summary>
internal static class Comparison
{
    /// <summary>What counts for a value without any error.</summary>
    private const double NoErrorDb = 200;

    /// <summary>Compares every value on the first images.</summary>
    public static IReadOnlyDictionary<Value, Likeness> Run(Conversion conversion, OnnxModel model, IReadOnlyList<float[]> images, int count, int threads) =>
        Run(conversion, model, [.. conversion.Plan.Network.Layers.Select(layer => layer.Output)], [.. images.Take(count)], threads);

    /// <summary>Signal to noise in decibels, the mean over the outputs.</summary>
    public static double OfOutputs(Conversion conversion, OnnxModel model, IReadOnlyList<float[]> images, int threads)
    {
        var network = conversion.Plan.Network;
        var likeness = Run(conversion, model, [.. network.Outputs.Select(network.SourceOf)], images, threads).Values;
        return Math.Round(likeness.Select(output => output.SqnrDb ?? NoErrorDb).DefaultIfEmpty(NoErrorDb).Average(), 3);
    }

    /// <summary>(C, H, W) in 0..1 → (H, W, C) as the file's input takes it: pixel - 128 as int8, pixel as int16, or the float itself.</summary>
    public static byte[] Pixels(float[] image, Value input, TensorType type = TensorType.Int8)
    {
        var raw = new byte[image.Length * type.Size()];
        var pixels = input.Height * input.Width;
        for (var channel = 0; channel < input.Channels; channel++)
        {
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                var (real, place) = (image[(channel * pixels) + pixel], (pixel * input.Channels) + channel);
                if (type == TensorType.Int8)
                    raw[place] = (byte)(sbyte)Math.Clamp(Math.Round(real * 255) - 128, -128, 127);
                else if (type == TensorType.Int16)
                    MemoryMarshal.Cast<byte, short>(raw.AsSpan())[place] = (short)Math.Clamp(Math.Round(real * 255), 0, 255);
                else
                    MemoryMarshal.Cast<byte, float>(raw.AsSpan())[place] = real;
            }
        }

        return raw;
    }

    private static Dictionary<Value, Likeness> Run(Conversion conversion, OnnxModel model, Value[] wanted, IReadOnlyList<float[]> images, int threads)
    {
        var computed = model.Nodes.SelectMany(node => node.Outputs).ToHashSet(StringComparer.Ordinal);
        Value[] values = [.. wanted.Distinct().Where(value => value.Shape.Length == 4 && computed.Contains(value.Name))];
        var likeness = values.ToDictionary(value => value, _ => new Likeness());
        if (images.Count == 0 || values.Length == 0)
            return likeness;

        var input = conversion.Plan.Network.Input;
        var outputs = conversion.Plan.Network.Outputs.Select(conversion.Plan.Network.SourceOf).ToHashSet();
        using var session = OnnxSession.WithValues(model, values.Select(value => value.Name), threads);
        var interpreter = new Interpreter(conversion.Model with { Outputs = [.. values.Select(value => conversion.Places[value])] });
        foreach (var image in images)
        {
            var reals = session.Run(image, 1, input.Channels, input.Height, input.Width);
            var raw = interpreter.Run([Pixels(image, input, conversion.Model.Tensors[conversion.Model.Inputs[0]].Type)]);
            for (var i = 0; i < values.Length; i++)
                Compare(conversion, values[i], reals[i], raw[i], outputs.Contains(values[i]), likeness[values[i]]);
        }

        return likeness;
    }

    /// <summary>
    /// The float value may have fewer channels: the class that was added has no equal there. Of an output, reals beyond the codes count
    /// as the last code: hopeless logits are cut off on purpose, and boxes have codes for all that was seen.
    /// </summary>
    private static void Compare(Conversion conversion, Value value, OnnxTensor real, byte[] raw, bool isOutput, Likeness likeness)
    {
        var inFile = new TensorReals(conversion.Model.Tensors[conversion.Places[value]], raw);
        var coded = conversion.Plan.Codes.TryGetValue(value, out Codes codes);
        var range = coded ? codes.Range : new ValueRange(float.NegativeInfinity, float.PositiveInfinity);
        var half = coded ? codes.Scale / 2 : 0;
        var factors = conversion.Factors.GetValueOrDefault(value.Name);
        var reals = Calibrator.ByChannel(value, real.Values<float>());
        var pixels = value.Height * value.Width;
        var channels = (int)(real.Count / pixels);
        for (var channel = 0; channel < channels; channel++)
        {
            var factor = factors?[channel] ?? 1;
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                var expected = reals[(channel * pixels) + pixel] * factor;
                var saturated = expected > range.Max + half || (!isOutput && expected < range.Min - half);
                if (isOutput)
                    expected = Math.Clamp(expected, range.Min, range.Max);
                likeness.Add(expected, inFile[(pixel * value.Channels) + channel], saturated);
            }
        }
    }
}
