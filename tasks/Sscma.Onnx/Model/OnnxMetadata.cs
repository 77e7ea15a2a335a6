namespace Sscma.Onnx;

/// <summary>Keys of what a detector's ONNX file says about itself.</summary>
public static class OnnxMetadata
{
    /// <summary>JSON array of the class names, in the order of the class logits.</summary>
    public const string Labels = "sscma.labels";

    /// <summary>Side of the square input in pixels.</summary>
    public const string ImageSize = "sscma.image_size";

    /// <summary>How a whole picture comes to the input: <c>KeepRatio</c> or <c>Stretch</c>. Absent for the first.</summary>
    public const string Resize = "sscma.resize";

    /// <summary>Pixels per cell of each level, e.g. <c>8,16,32</c>.</summary>
    public const string Strides = "sscma.strides";

    /// <summary>Where in its cell a point lies, in cells: 0 (upper-left corner) or 0.5 (centre).</summary>
    public const string PointOffset = "sscma.point_offset";

    /// <summary>Number of score channels: the labels and, where a class that never wins was added to four, one more. Absent where it is the labels'.</summary>
    public const string ScoreChannels = "sscma.score_channels";

    /// <summary>
    /// JSON object of the ranges that quantization-aware training has learnt: for the name of a value its lowest and highest real, in the form <c>[low, high]</c>.
    /// Distances count from the middle of the cell, as in the integer file.
    /// </summary>
    public const string Ranges = "sscma.ranges";

    /// <summary>JSON: what the metadata entry of the same name in a .tflite file says.</summary>
    public const string Facts = "SSCMA";
}
