using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Detectors;

/// <summary>Gives a detector's outputs the form that SSCMA-Micro firmware recognises.</summary>
internal static class FirmwareLayout
{
    /// <summary>
    /// Logits below this are all the same: their scores (0.00034 at most) lie under every threshold, the evaluation's 0.001 included.
    /// Cutting them off leaves finer steps for the scores that count.
    /// </summary>
    private const float LowestLogit = -8;

    /// <summary>
    /// The firmware takes outputs of four channels for boxes. A detector with four classes gets a fifth one whose
    /// weights are zero and whose bias saturates at the lowest code.
    /// </summary>
    private const int AmbiguousClasses = 4;

    /// <summary>Logits of a float file, for which no range was sought.</summary>
    private static readonly ValueRange AnyLogits = new(LowestLogit, -LowestLogit);

    /// <summary>Number of score channels in the file.</summary>
    public static int ScoreChannels(int classes) => classes == AmbiguousClasses ? classes + 1 : classes;

    /// <summary>Reshapes every output to (1, cells, channels), adds the fifth class where needed and cuts hopeless logits off.</summary>
    /// <param name="network">The network with its outputs as images or cells.</param>
    /// <param name="ranges">Ranges of its values; those of the scores are changed.</param>
    /// <param name="head">Which outputs are which.</param>
    public static Network Apply(Network network, Dictionary<Value, ValueRange> ranges, DetectorHead head)
    {
        var scores = head.Scores.Select(score => score.Name).ToHashSet(StringComparer.Ordinal);
        List<Layer> layers = [.. network.Layers.Where(layer => layer is not ReshapeLayer || !network.Outputs.Contains(layer.Output))];
        List<Value> outputs = [];
        foreach (var output in network.Outputs)
        {
            var image = network.MakerOf(output) is ReshapeLayer reshape ? reshape.Input : output;
            if (scores.Contains(image.Name))
            {
                ranges[image] = Cut(ranges.GetValueOrDefault(image, AnyLogits));
                if (image.Channels == AmbiguousClasses)
                    image = WithDummyClass(layers, ranges, image);
            }

            var cells = new Value($"{image.Name}/cells", 1, image.Height * image.Width, image.Channels);
            layers.Add(new ReshapeLayer(cells.Name, image, cells));
            outputs.Add(cells);
        }

        return network with { Layers = layers, Outputs = outputs };
    }

    private static ValueRange Cut(ValueRange range) => range with { Min = Math.Max(range.Min, LowestLogit) };

    private static Value WithDummyClass(List<Layer> layers, Dictionary<Value, ValueRange> ranges, Value image)
    {
        var place = layers.FindIndex(layer => layer.Output == image);
        // Whatever makes the logits, a convolution that copies them can carry one more channel.
        if (layers[place] is not ConvLayer { Depthwise: false, Activation: Tflite.Activation.None } conv || layers.Exists(layer => layer.Inputs.Contains(image)))
        {
            var copy = new Value($"{image.Name}/copy", image.Shape);
            conv = new ConvLayer(copy.Name, image, copy) { Kernel = Identity(image.Channels), Bias = new float[image.Channels] };
            place = layers.Count;
            layers.Add(conv);
        }

        var widened = new Value(image.Name, 1, image.Height, image.Width, image.Channels + 1);
        ranges[widened] = ranges[image];
        var lowest = ranges[image].WithZero;
        layers[place] = conv with
        {
            Output = widened,
            Kernel = [.. conv.Kernel, new float[conv.Kernel[0].Length]],
            GivenScales = conv.GivenScales is null ? null : [.. conv.GivenScales, 0],
            Bias = [.. conv.Bias, lowest.Min - (2 * Math.Max(1, lowest.Width))],
        };
        return widened;
    }

    private static float[][] Identity(int channels)
    {
        var rows = new float[channels][];
        for (var channel = 0; channel < channels; channel++)
        {
            rows[channel] = new float[channels];
            rows[channel][channel] = 1;
        }

        return rows;
    }
}
