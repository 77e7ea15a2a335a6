using System.Globalization;
using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Detectors;

/// <summary>The six outputs of an RTMDet detector, found by their shapes.</summary>
/// <param name="ImageSize">Side of the square input in pixels.</param>
/// <param name="Classes">Number of class logits per cell.</param>
/// <param name="Scores">Class logits (1, H, W, classes) of strides 8, 16, 32.</param>
/// <param name="Boxes">Distances (1, H, W, 4) of strides 8, 16, 32.</param>
internal sealed record DetectorHead(int ImageSize, int Classes, IReadOnlyList<Value> Scores, IReadOnlyList<Value> Boxes)
{
    /// <summary>Pixels per cell of each level.</summary>
    public static readonly int[] Strides = [8, 16, 32];

    /// <summary>Finds the outputs.</summary>
    /// <exception cref="DiagnosticException">SSCMA3006: the network has other inputs or outputs than a detector.</exception>
    public static DetectorHead Find(Network network) => Seek(network, out var reason) ?? throw Unlike(network, reason);

    /// <summary>The outputs, or null and why the network is no detector.</summary>
    public static DetectorHead? Seek(Network network, out string reason)
    {
        reason = "";
        var outputs = network.Outputs.Select(output => Image(network, output)).ToList();
        var size = network.Input.Height;
        if (network.Input is not { Channels: 3 } || network.Input.Width != size || size % 32 != 0)
            return No($"the input must be a square image [1, 3, S, S] with S a multiple of 32, it is {Nchw(network.Input)}", out reason);
        if (outputs.Count != 6)
            return No($"it has {outputs.Count} outputs", out reason);

        List<Value> scores = [], boxes = [];
        foreach (var stride in Strides)
        {
            var level = outputs.Where(output => output.Height == size / stride && output.Width == size / stride).ToList();
            if (level.Count != 2 || level.TrueForAll(output => output.Channels != 4))
                return No($"two outputs of {size / stride}x{size / stride} cells were expected for stride {stride}, one of them with 4 channels", out reason);
            var box = level.TrueForAll(output => output.Channels == 4) ? Named(level) ?? level[1] : level.Find(output => output.Channels == 4)!;
            boxes.Add(box);
            scores.Add(level.Find(output => output != box)!);
        }

        var classes = scores[0].Channels;
        if (scores.Exists(score => score.Channels != classes))
            return No("the levels have different numbers of classes", out reason);
        return new DetectorHead(size, classes, scores, boxes);
    }

    /// <summary>
    /// Moves the distances to the firmware's points. A network that was trained with points at (i + p, j + p) cells is asked at
    /// (i + 0.5, j + 0.5): left and top grow by 0.5 - p, right and bottom shrink by it. The sum folds into the bias of the last convolution.
    /// </summary>
    /// <param name="model">The float model; left as it is.</param>
    public OnnxModel Centered(OnnxModel model)
    {
        var shift = 0.5f - PointOffset(model);
        var copy = model.Copy();
        if (shift == 0)
            return copy;
        copy.Initializers.Add(OnnxTensor.From("sscma/half_cell", [shift, shift, -shift, -shift], 1, 4, 1, 1));
        foreach (var name in Boxes.Select(box => box.Name))
        {
            var index = copy.Nodes.FindIndex(node => node.Outputs.Contains(name));
            var node = copy.Nodes[index];
            var before = $"{name}/uncentered";
            copy.Nodes[index] = node with { Outputs = [.. node.Outputs.Select(output => output == name ? before : output)] };
            copy.Nodes.Insert(index + 1, OnnxNode.Of("Add", $"{name}/center", [before, "sscma/half_cell"], name));
        }

        return copy;
    }

    private static float PointOffset(OnnxModel model)
    {
        var text = model.Metadata.GetValueOrDefault(OnnxMetadata.PointOffset, "0");
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var offset) && offset is >= 0 and <= 1)
            return offset;
        throw new DiagnosticException(Codes.OnnxNotADetector, $"the ONNX file's metadata '{OnnxMetadata.PointOffset}' is '{text}'; a number of cells from 0 to 1 was expected");
    }

    /// <summary>Which of two outputs with four channels each calls itself the boxes.</summary>
    private static Value? Named(List<Value> level)
    {
        var named = level.FindAll(output => output.Name.Contains("box", StringComparison.OrdinalIgnoreCase) || output.Name.Contains("reg", StringComparison.OrdinalIgnoreCase));
        return named is [var only] ? only : null;
    }

    private static Value Image(Network network, Value output) => network.MakerOf(output) is ReshapeLayer reshape ? reshape.Input : output;

    private static DetectorHead? No(string why, out string reason)
    {
        reason = why;
        return null;
    }

    private static string Nchw(Value value) => $"[1, {value.Channels}, {value.Height}, {value.Width}]";

    private static DiagnosticException Unlike(Network network, string reason) => new(
        Codes.OnnxNotADetector,
        $"the ONNX file is no RTMDet detector: {reason}. Found: {string.Join(", ", network.Outputs.Select(output => $"'{output.Name}' {Nchw(Image(network, output))}"))}. "
        + "Expected: class logits [1, C, S/s, S/s] and distances [1, 4, S/s, S/s] for the strides s = 8, 16, 32. "
        + "The SSCMA-Micro firmware runs nothing else; TargetRuntime=\"generic\" exports any network as it is, without a score.");
}
