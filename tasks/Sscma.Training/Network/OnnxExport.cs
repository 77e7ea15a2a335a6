using System.Globalization;
using System.Text.Json;
using Sscma.Imaging;
using Sscma.Onnx;

namespace Sscma.Training.Network;

/// <summary>
/// From a detector to its ONNX file: input <c>images</c> float (1, 3, H, W), RGB, 0..1; six raw outputs in the order
/// cls_8, cls_16, cls_32 (1, C, H/s, W/s), box_8, box_16, box_32 (1, 4, H/s, W/s). No sigmoid, no decoding.
/// </summary>
public static class OnnxExport
{
    /// <summary>Writes a detector for square images.</summary>
    /// <param name="detector">The detector; norms are folded with their running statistics.</param>
    /// <param name="imageSize">Side of the input in pixels, a multiple of 32.</param>
    /// <param name="labels">Class names, C of them.</param>
    /// <param name="mode">How a whole picture comes to the input.</param>
    public static OnnxModel Write(RtmDet detector, int imageSize, IReadOnlyList<string> labels, ResizeMode mode = ResizeMode.KeepRatio)
    {
        var model = Write(detector, imageSize, imageSize);
        model.Metadata[OnnxMetadata.Labels] = JsonSerializer.Serialize(labels);
        model.Metadata[OnnxMetadata.ImageSize] = imageSize.ToString(CultureInfo.InvariantCulture);
        if (mode != ResizeMode.KeepRatio)
            model.Metadata[OnnxMetadata.Resize] = mode.ToString();
        return model;
    }

    /// <summary>The same without names of classes, for images of any shape; the operations may be watched on their way.</summary>
    internal static OnnxModel Write(RtmDet detector, int width, int height, Func<IOps<OnnxValue>, OnnxModel, IOps<OnnxValue>>? watched = null)
    {
        var model = new OnnxModel { GraphName = "rtmdet" };
        model.Inputs.Add(new OnnxValueInfo("images", OnnxType.Float, [1, 3, height, width]));
        var (classes, distances) = detector.Network.Forward(watched?.Invoke(new OnnxOps(detector.Parameters, model), model) ?? new OnnxOps(detector.Parameters, model), new OnnxValue("images"));
        AddOutputs(model, "cls", classes, detector.Network.Config.NumClasses, width, height);
        AddOutputs(model, "box", distances, 4, width, height);
        model.Metadata[OnnxMetadata.Strides] = string.Join(',', RtmDetNetwork.Strides);
        model.Metadata[OnnxMetadata.PointOffset] = detector.Network.Config.PointOffset.ToString(CultureInfo.InvariantCulture);
        return model;
    }

    private static void AddOutputs(OnnxModel model, string kind, OnnxValue[] values, int channels, int width, int height)
    {
        for (var level = 0; level < values.Length; level++)
        {
            var stride = RtmDetNetwork.Strides[level];
            var name = $"{kind}_{stride}";
            var at = model.Nodes.FindIndex(node => node.Outputs[0] == values[level].Name);
            model.Nodes[at] = model.Nodes[at] with { Outputs = [name] };
            model.Outputs.Add(new OnnxValueInfo(name, OnnxType.Float, [1, channels, height / stride, width / stride]));
        }
    }
}
