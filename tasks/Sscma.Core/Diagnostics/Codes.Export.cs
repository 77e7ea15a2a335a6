namespace Sscma.Diagnostics;

// SSCMA3xxx: export. One constant per code, in numeric order; a number that was shipped is never given to another cause.
public static partial class Codes
{
    /// <summary>The ONNX file is broken, cut short or uses a part of the format that is not read. Export it again, with its data inside.</summary>
    public const string OnnxUnreadable = "SSCMA3001";

    /// <summary>ONNX Runtime does not accept the model: an operator, a shape or a version it does not know. The message is its own.</summary>
    public const string OnnxRefused = "SSCMA3002";

    /// <summary>A .tflite file is damaged or not one. Export the model again, or give the right file.</summary>
    public const string TfliteFileInvalid = "SSCMA3101";

    /// <summary>A .tflite file uses operators (or element types of one) that the interpreter does not run. Export without them.</summary>
    public const string TfliteOperatorUnsupported = "SSCMA3102";

    /// <summary>A .tflite file contradicts itself: shapes, types or quantization of an operator do not fit. Export the model again.</summary>
    public const string TfliteModelInconsistent = "SSCMA3103";

    /// <summary>A .tflite file is no RTMDet detector that SSCMA-Micro firmware accepts. The message lists what differs.</summary>
    public const string FirmwareContractBroken = "SSCMA3104";
}
