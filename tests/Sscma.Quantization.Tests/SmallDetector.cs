using System.Text.Json;
using Sscma.Onnx;

namespace Sscma.Quantization.Tests;

/// <summary>The smallest graph with a detector's outputs: strided convolutions down to 8, 16, 32 and two 1x1 convolutions on each.</summary>
internal static class SmallDetector
{
    public const int Size = 64;

    public static OnnxModel Make(int classes, string? pointOffset = "0", bool labels = true, float[]? boxBias = null)
    {
        var graph = new Graphs(3, Size, Size, seed: 5);
        var (from, at) = (3, "images");
        foreach (var stride in new[] { 2, 4, 8, 16, 32 })
        {
            var width = stride < 8 ? 4 : 8;
            graph.Conv($"c{stride}", at, from, width, 3, 2, 1, weights: graph.Draw(width * from * 9, -0.5f, 0.6f));
            (from, at) = (width, graph.Node("Relu", $"r{stride}", [$"c{stride}"]));
        }

        foreach (var stride in new[] { 8, 16, 32 })
            graph.Conv($"cls_{stride}", $"r{stride}", 8, classes);
        foreach (var stride in new[] { 8, 16, 32 })
            graph.Conv($"box_{stride}", $"r{stride}", 8, 4, bias: boxBias);
        var model = graph.Model("cls_8", "cls_16", "cls_32", "box_8", "box_16", "box_32");
        if (labels)
            model.Metadata[OnnxMetadata.Labels] = JsonSerializer.Serialize(Labels(classes));
        if (pointOffset is not null)
            model.Metadata[OnnxMetadata.PointOffset] = pointOffset;
        return model;
    }

    public static string[] Labels(int classes) => [.. Enumerable.Range(1, classes).Select(number => $"Sorte {number}")];

    public static float[][] Pictures(int count = 12) => Graphs.Pictures(count, 3, Size, Size);
}
