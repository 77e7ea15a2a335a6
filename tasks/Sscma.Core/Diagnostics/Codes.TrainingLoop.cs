namespace Sscma.Diagnostics;

// SSCMA205x: the training loop.
public static partial class Codes
{
    /// <summary>The loss became infinite or no number. Lower <c>optim.lr</c> or lengthen the warm-up.</summary>
    public const string TrainingDiverged = "SSCMA2050";

    /// <summary>No training image is left after those without objects and those that are too small. Annotate, or lower <c>train.min_image_side</c>.</summary>
    public const string NothingToTrainOn = "SSCMA2051";

    /// <summary>The validation split lists other categories than the training split. Give both files the same list.</summary>
    public const string CategoriesDiffer = "SSCMA2052";

    /// <summary>The memory does not suffice for a batch. Lower <c>train.batch_size</c> or <c>train.image_size</c>.</summary>
    public const string OutOfMemory = "SSCMA2053";

    /// <summary>The property <c>SscmaDevice</c> names a device that does not exist or is not here. Install what the message names, or write <c>auto</c> or <c>cpu</c>.</summary>
    public const string DeviceUnknown = "SSCMA2054";
}
