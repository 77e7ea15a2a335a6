namespace Sscma.Diagnostics;

// SSCMA4xxx: evaluation and gate. One constant per code, in numeric order; a number that was shipped is never given to another cause.
public static partial class Codes
{
    /// <summary>The validation split lists no images. Check ValAnnFile.</summary>
    public const string NoValidationImages = "SSCMA4011";

    /// <summary>The validation split has no object to find, so nothing can be measured. Annotate its images, or check ValAnnFile.</summary>
    public const string NoGroundTruth = "SSCMA4012";

    /// <summary>The mAP is undefined although there is ground truth. Look into the areas of the validation annotations.</summary>
    public const string MapUndefined = "SSCMA4013";

    /// <summary>The model's labels and the categories of the validation split are not the same. Use the split that belongs to the training split.</summary>
    public const string LabelsDiffer = "SSCMA4014";

    /// <summary>The .tflite file to be scored is not there. Build with the target SscmaExport.</summary>
    public const string ModelFileMissing = "SSCMA4015";

    /// <summary>A model has a gate (MinMap, MinMap50, MinDeviceMap, MinDeviceMap50), but its outputs are no RTMDet detector's, so there is no mAP. Leave the gate out and score the model in your own tests, or give a detector.</summary>
    public const string NotScored = "SSCMA4016";
}
