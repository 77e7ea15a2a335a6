using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Emission;

/// <content>Borders, and layers that move elements: their axes are TFLite's, (1, H, W, C).</content>
internal sealed partial class OnnxEmitter
{
    private static readonly long[] ChannelsLast = [0, 2, 3, 1];
    private static readonly long[] ChannelsFirst = [0, 3, 1, 2];

    /// <summary>Where an axis of (1, H, W, C) lies in (1, C, H, W).</summary>
    private static readonly int[] ImageAxis = [0, 2, 3, 1];

    private static bool IsImage(Value value) => value.Shape.Length == 4;

    /// <summary>
    /// Borders that ONNX's windows bring with them: zeros around convolutions, the lowest number around maxima. TFLite's windows cannot lie where
    /// these do, so there they are layers.
    /// </summary>
    private static Dictionary<Value, PadLayer> Borders(Network network)
    {
        var borders = new Dictionary<Value, PadLayer>();
        foreach (var pad in network.Layers.OfType<PadLayer>())
        {
            var readers = network.Layers.Where(layer => layer.Inputs.Contains(pad.Output)).ToList();
            if (readers.Count > 0 && !network.Outputs.Contains(pad.Output) && readers.TrueForAll(reader => Carries(reader, pad)))
                borders.Add(pad.Output, pad);
        }

        return borders;
    }

    private static bool Carries(Layer reader, PadLayer pad) => reader switch
    {
        ConvLayer => pad.Fill == 0,
        // ONNX wants every window to reach the image.
        MaxPoolLayer { Padding: Padding.Valid } pool => float.IsNegativeInfinity(pad.Fill)
            && Math.Max(pad.Pads.Top, pad.Pads.Bottom) < pool.KernelHeight && Math.Max(pad.Pads.Left, pad.Pads.Right) < pool.KernelWidth,
        _ => false,
    };

    /// <summary>What a layer with windows reads, and the border that it brings itself.</summary>
    private (string Name, Pads Border) Bordered(Value input) =>
        _borders.TryGetValue(input, out var pad) ? (_names[pad.Input], pad.Pads) : (_names[input], default);

    /// <summary>The border in ONNX's order: top, left, bottom, right.</summary>
    private static long[] PadsOf(
        Value input, Value output, Padding padding, (int Kernel, int Stride, int Dilation) rows, (int Kernel, int Stride, int Dilation) columns, Pads border)
    {
        var (top, bottom) = Same(input.Height, output.Height, rows);
        var (left, right) = Same(input.Width, output.Width, columns);
        return [border.Top + top, border.Left + left, border.Bottom + bottom, border.Right + right];

        (long Before, long After) Same(int from, int to, (int Kernel, int Stride, int Dilation) windows)
        {
            if (padding == Padding.Valid)
                return (0, 0);
            var total = Math.Max(0, ((to - 1) * windows.Stride) + ((windows.Kernel - 1) * windows.Dilation) + 1 - from);
            return (total / 2, total - (total / 2));
        }
    }

    private void Pad(PadLayer layer, string result)
    {
        var pads = layer.Pads;
        var rows = _builder.Longs($"{result}/pads", 0, 0, pads.Top, pads.Left, 0, 0, pads.Bottom, pads.Right);
        var fill = _builder.Floats($"{result}/fill", [float.IsNegativeInfinity(layer.Fill) ? _encoding.Lowest(layer.Input) : layer.Fill]);
        _builder.Node("Pad", layer.Name, [_names[layer.Input], rows, fill], result, ("mode", "constant"));
    }

    private void Slice(SliceLayer layer, string result)
    {
        int[] axes = [.. Enumerable.Range(0, 4).Where(axis => layer.Steps[axis] != 1 || layer.Output.Shape[axis] != layer.Input.Shape[axis])];
        string Each(string what, Func<int, long> of) => _builder.Longs($"{result}/{what}", [.. axes.Select(of)]);
        _builder.Node(
            "Slice", layer.Name,
            [
                _names[layer.Input],
                Each("starts", axis => layer.Begins[axis]),
                Each("ends", axis => layer.Begins[axis] + ((layer.Output.Shape[axis] - 1L) * layer.Steps[axis]) + 1),
                Each("axes", axis => ImageAxis[axis]),
                Each("steps", axis => layer.Steps[axis]),
            ],
            result);
    }

    private void Transpose(TransposeLayer layer, string result) =>
        Plain(layer, "Transpose", result, ("perm", Array.ConvertAll(ChannelsFirst, axis => (long)ImageAxis[layer.Axes[axis]])));

    /// <summary>The elements as they follow each other in TFLite's order.</summary>
    private void Reshape(ReshapeLayer layer, string result)
    {
        var (input, output) = (layer.Input, layer.Output);
        var source = _names[input];
        // One pixel, or one channel, is the same in both orders.
        if (input.Channels > 1 && input.Channels < input.Count)
            source = _builder.Node("Transpose", $"{layer.Name}/channels_last", [source], _builder.Name($"{output.Name}/channels_last"), ("perm", ChannelsLast));
        long[] shape = Array.ConvertAll(output.Shape, extent => (long)extent);
        var turned = IsImage(output) && output.Channels > 1 && output.Channels < output.Count;
        if (IsImage(output) && !turned)
            shape = [1, output.Channels, output.Height, output.Width];
        var reshaped = turned ? _builder.Name($"{output.Name}/elements") : result;
        _builder.Node("Reshape", layer.Name, [source, _builder.Longs($"{result}/shape", shape)], reshaped);
        if (turned)
            _builder.Node("Transpose", $"{layer.Name}/channels_first", [reshaped], result, ("perm", ChannelsFirst));
    }

    /// <summary>(H, W, C) → (C, H, W).</summary>
    private static float[] InImageOrder(Value value, float[] data)
    {
        var turned = new float[data.Length];
        var pixels = value.Height * value.Width;
        for (var i = 0; i < data.Length; i++)
            turned[((i % value.Channels) * pixels) + (i / value.Channels)] = data[i];
        return turned;
    }
}
