namespace Sscma.Diagnostics;

// SSCMA3xxx: export. One constant per code, in numeric order; a number that was shipped is never given to another cause.
public static partial class Codes
{
    /// <summary>The ONNX file is broken, cut short or uses a part of the format that is not read. Export it again, with its data inside.</summary>
    public const string OnnxUnreadable = "SSCMA3001";

    /// <summary>ONNX Runtime does not accept the model: an operator, a shape or a version it does not know. The message is its own: export with an older opset, or without what it names.</summary>
    public const string OnnxRefused = "SSCMA3002";

    /// <summary>Nodes of the ONNX graph have no int8 form here; the message names each one with the reason. Change the network, or export it differently.</summary>
    public const string OnnxNodesUnsupported = "SSCMA3003";

    /// <summary>The ONNX graph's input is no single float image [1, C, H, W] of known size. Export with a fixed size.</summary>
    public const string OnnxInputUnknown = "SSCMA3004";

    /// <summary>A value inside the network is infinite or no number on a calibration image: the weights are broken. Train again or take another checkpoint.</summary>
    public const string ActivationNotFinite = "SSCMA3005";

    /// <summary>The ONNX graph is no RTMDet detector: six outputs (class logits and distances at strides 8, 16, 32) of a square image were expected. The message says what was found: export the raw outputs, or set TargetRuntime to generic to convert another kind of network.</summary>
    public const string OnnxNotADetector = "SSCMA3006";

    /// <summary>There are no images to calibrate with. Check the training split's annotation file and image folder.</summary>
    public const string CalibrationEmpty = "SSCMA3007";

    /// <summary>The class names of the ONNX file or the dataset do not fit the number of class outputs. Train again after the dataset changed.</summary>
    public const string LabelsDoNotFit = "SSCMA3008";

    /// <summary>Warning: very few images to calibrate with; the int8 ranges may not hold for others. Add training images or raise CalibrationImages.</summary>
    public const string CalibrationSmall = "SSCMA3009";

    /// <summary>Warning: images that gave the ranges of the file are also among those that score it, so the score flatters. Give the splits images of their own.</summary>
    public const string CalibrationScored = "SSCMA3010";

    /// <summary>Resize, Precision, Calibration, TargetRuntime, InputChannels or Formats of a model has a word that it does not know. Use one of those in the message.</summary>
    public const string UnknownExportChoice = "SSCMA3011";

    /// <summary>The firmware of the model's TargetRuntime runs int8 files only, and the model has another precision. Set Precision to int8, or TargetRuntime to generic for another runtime.</summary>
    public const string PrecisionNotForTarget = "SSCMA3012";

    /// <summary>The ONNX file's metadata sscma.ranges, which quantization-aware training writes, is damaged. Train again, or remove the entry to have the ranges calibrated.</summary>
    public const string LearntRangesBroken = "SSCMA3013";

    /// <summary>Calibration of a model asks for learnt ranges, and its ONNX file carries none. Set Quantization to qat, or choose another calibration.</summary>
    public const string NothingLearnt = "SSCMA3014";

    /// <summary>The ONNX file's input has neither one channel (grey) nor three (RGB), so the dataset's images cannot be given to it. Export a network that takes an image.</summary>
    public const string NoImageInput = "SSCMA3015";

    /// <summary>What InputMean, InputStd and InputChannels say of the ONNX file does not fit the number of its channels. Give one number or one for each channel; BGR is for three.</summary>
    public const string InputFormUnfit = "SSCMA3016";

    /// <summary>Formats of a model asks for onnx-qdq, which holds the codes of an integer file, and its Precision is a float one. Set Precision to int8, or leave onnx-qdq out.</summary>
    public const string QdqNeedsCodes = "SSCMA3020";

    /// <summary>Formats of a model leaves tflite out, which is what is scored, embedded and shipped. Add it: tflite;onnx.</summary>
    public const string FormatsWithoutTflite = "SSCMA3021";

    /// <summary>Warning: ONNX Runtime gives other codes for the onnx-qdq file than the .tflite file has, by more than one step, more often than expected. Score the onnx-qdq file on your own pictures before it ships, or ship the .tflite file; docs/export.md says where the two differ.</summary>
    public const string QdqDiffers = "SSCMA3022";

    /// <summary>A .tflite file is damaged or not one. Export the model again, or give the right file.</summary>
    public const string TfliteFileInvalid = "SSCMA3101";

    /// <summary>A .tflite file uses operators (or element types of one) that the interpreter does not run. Export without them.</summary>
    public const string TfliteOperatorUnsupported = "SSCMA3102";

    /// <summary>A .tflite file contradicts itself: shapes, types or quantization of an operator do not fit. Export the model again.</summary>
    public const string TfliteModelInconsistent = "SSCMA3103";

    /// <summary>A .tflite file is no RTMDet detector that SSCMA-Micro firmware accepts. The message lists what differs.</summary>
    public const string FirmwareContractBroken = "SSCMA3104";
}
