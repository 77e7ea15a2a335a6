using System.Globalization;
using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Import;

namespace Sscma.Quantization;

/// <summary>
/// What an ONNX file expects in the place of a pixel: (pixel - mean) / deviation, pixels of 0 to 255. Exported files take RGB or grey, pixel / 255, whatever the
/// ONNX file expects: the difference becomes the network's first layer.
/// </summary>
public sealed record InputForm
{
    /// <summary>What is subtracted: one number, or one for each channel in the file's order.</summary>
    public IReadOnlyList<float> Means { get; init; } = [0];

    /// <summary>What the rest is divided by: one number above zero, or one for each channel.</summary>
    public IReadOnlyList<float> Deviations { get; init; } = [255];

    /// <summary>Whether the file expects blue first.</summary>
    public bool BlueFirst { get; init; }

    /// <summary>RGB or grey, pixel / 255: the network takes it as it is.</summary>
    public bool IsPlain => !BlueFirst && Means.All(mean => mean == 0) && Deviations.All(deviation => deviation == 255);

    /// <summary>The model with a first layer that makes of pixel / 255 what it expects.</summary>
    /// <param name="model">The model; left as it is.</param>
    /// <exception cref="DiagnosticException">SSCMA3004: its input is no image; SSCMA3016: it has another number of channels.</exception>
    public OnnxModel BuildInto(OnnxModel model)
    {
        var input = OnnxImporter.InputOf(model);
        var channels = input.Channels;
        Check(channels);
        if (IsPlain)
            return model;
        var (kernel, bias) = (new float[channels * (BlueFirst ? channels : 1)], new float[channels]);
        for (var channel = 0; channel < channels; channel++)
        {
            var (mean, deviation) = ((double)Means[channel % Means.Count], (double)Deviations[channel % Deviations.Count]);
            kernel[BlueFirst ? (channel * channels) + channels - 1 - channel : channel] = (float)(255 / deviation);
            bias[channel] = (float)(-mean / deviation);
        }

        var copy = model.Copy();
        var (name, made) = (input.Name, $"{input.Name}/expected");
        while (copy.Nodes.Exists(node => node.Outputs.Contains(made)))
            made += "_";
        for (var i = 0; i < copy.Nodes.Count; i++)
            copy.Nodes[i] = copy.Nodes[i] with { Inputs = [.. copy.Nodes[i].Inputs.Select(operand => operand == name ? made : operand)] };
        copy.Initializers.Add(OnnxTensor.From($"{made}/kernel", kernel, channels, kernel.Length / channels, 1, 1));
        copy.Initializers.Add(OnnxTensor.From($"{made}/bias", bias, channels));
        copy.Nodes.Insert(0, OnnxNode.Of(
            "Conv", made, [name, $"{made}/kernel", $"{made}/bias"], made, ("kernel_shape", new long[] { 1, 1 }), ("group", BlueFirst ? 1L : channels)));
        return copy;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(BlueFirst ? "BGR, " : "")}(pixel - {Text(Means)}) / {Text(Deviations)}";

    private void Check(int channels)
    {
        if (Fits(Means) && Fits(Deviations) && Deviations.All(deviation => deviation > 0 && float.IsFinite(255 / deviation)) && (channels == 3 || !BlueFirst))
            return;
        throw new DiagnosticException(
            Codes.InputFormUnfit,
            $"the ONNX file takes images of {channels} channel(s), and it is said to expect {this}. Give InputMean and InputStd one number{(channels == 1 ? "" : $", or {channels}")}, those of InputStd above 0; InputChannels=\"BGR\" is for three channels.");

        bool Fits(IReadOnlyList<float> numbers) => (numbers.Count == 1 || numbers.Count == channels) && numbers.All(float.IsFinite);
    }

    private static string Text(IReadOnlyList<float> numbers)
    {
        var text = string.Join(", ", numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
        return numbers.Count == 1 ? text : $"[{text}]";
    }
}
