namespace Sscma.Diagnostics;

// SSCMA3xxx: export. One constant per code, in numeric order; a number that was shipped is never given to another cause.
public static partial class Codes
{
    /// <summary>The ONNX file is broken, cut short or uses a part of the format that is not read. Export it again, with its data inside.</summary>
    public const string OnnxUnreadable = "SSCMA3001";

    /// <summary>ONNX Runtime does not accept the model: an operator, a shape or a version it does not know. The message is its own.</summary>
    public const string OnnxRefused = "SSCMA3002";
}
