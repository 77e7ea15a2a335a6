namespace Sscma.Diagnostics;

// What is wrong in the user's project file: the items SscmaDataset and SscmaModel. 11xx datasets, 21xx models, 40xx gate, 50xx embedding.
public static partial class Codes
{
    /// <summary>A model names a dataset that no SscmaDataset item declares. Declare it, or use one of the names in the message.</summary>
    public const string UnknownDataset = "SSCMA1101";

    /// <summary>A dataset item lacks DataRoot, TrainAnnFile or ValAnnFile. Add the metadata.</summary>
    public const string IncompleteDataset = "SSCMA1102";

    /// <summary>A folder or file that a dataset item names does not exist. Correct the path; it is relative to DataRoot, and DataRoot to the project.</summary>
    public const string DatasetPathMissing = "SSCMA1103";

    /// <summary>Two dataset items have one name. Rename one.</summary>
    public const string DuplicateDataset = "SSCMA1104";

    /// <summary>TrainAnnFile, ValAnnFile or TestAnnFile is a pattern that no file matches. Correct it; it is relative to DataRoot.</summary>
    public const string NoAnnotationMatch = "SSCMA1105";

    /// <summary>Format of a dataset is none of Coco, Yolo and Voc. Use one of them.</summary>
    public const string UnknownFormat = "SSCMA1106";

    /// <summary>ClassMap of a dataset is not of the form old=new;old=new, or has a class twice. Correct it; nothing after = drops the class.</summary>
    public const string BadClassMap = "SSCMA1107";

    /// <summary>Config is neither a configuration that ships nor a .yaml file. Use one of the names in the message or a path.</summary>
    public const string UnknownConfig = "SSCMA2101";

    /// <summary>A number in the metadata of a model is not a number or outside its range. The message says the range.</summary>
    public const string BadModelNumber = "SSCMA2102";

    /// <summary>Two model items have one name, or names that differ in upper and lower case only. Rename one.</summary>
    public const string DuplicateModel = "SSCMA2103";

    /// <summary>A model's name is used for files and folders: letters, digits, '_', '-' and '.' only. Rename it.</summary>
    public const string BadModelName = "SSCMA2104";

    /// <summary>Warning: an item carries metadata that Sscma.Build does not know, most likely a misspelt name. Correct or remove it.</summary>
    public const string UnknownMetadata = "SSCMA2105";

    /// <summary>A model would have to be trained and SscmaTrain=Never forbids it. Train it where that is allowed, with a cache that this machine can read.</summary>
    public const string TrainingForbidden = "SSCMA2106";

    /// <summary>Warning: inputs have changed and SscmaTrain=IfMissing keeps the model of an earlier build. Build without SscmaTrain to train again.</summary>
    public const string TrainingPostponed = "SSCMA2107";

    /// <summary>Pretrained is a URL without PretrainedSha256, or that is no SHA-256. Write the digest of the file that you mean.</summary>
    public const string PretrainedUnnamed = "SSCMA2108";

    /// <summary>The file that Pretrained names is not there. Correct the path, which is relative to the project.</summary>
    public const string PretrainedMissing = "SSCMA2109";

    /// <summary>A model has more than one of Onnx, Weights and Pretrained. Keep the one that it starts with.</summary>
    public const string TwoStarts = "SSCMA2110";

    /// <summary>The file that Onnx or Weights of a model names is not there. Correct the path, which is relative to the project.</summary>
    public const string StartFileMissing = "SSCMA2111";

    /// <summary>A model has InputMean, InputStd or InputChannels, which say what the file of Onnx expects of a pixel, and has no Onnx. Remove them: a network that is trained here takes RGB, pixel / 255.</summary>
    public const string InputFormWithoutOnnx = "SSCMA2112";

    /// <summary>MinMap, MinMap50, MinDeviceMap or MinDeviceMap50 is not a number from 0 to 1. Write a fraction: 50 % is 0.5.</summary>
    public const string BadThreshold = "SSCMA4001";

    /// <summary>The model scored below its threshold. Look into the report, then train longer, improve the data, or lower the threshold on purpose.</summary>
    public const string GateFailed = "SSCMA4002";

    /// <summary>A metric that has a threshold could not be computed (no ground truth, no images), which never counts as passed. Look into the validation annotations.</summary>
    public const string MetricUndefined = "SSCMA4003";

    /// <summary>The file of metrics is missing or not readable. Run the target SscmaEvaluate again.</summary>
    public const string MetricsUnreadable = "SSCMA4004";

    /// <summary>The metrics belong to another .tflite than the one that would be embedded. Run the target SscmaClean and build again.</summary>
    public const string MetricsOfAnotherFile = "SSCMA4005";

    /// <summary>GateSplit is neither val nor test, or is test while a dataset of the model has no test split. Correct it, or set TestAnnFile.</summary>
    public const string BadGateSplit = "SSCMA4006";

    /// <summary>The .tflite file is greater than MaxModelSize. Take a smaller configuration or another precision, or raise the limit on purpose.</summary>
    public const string ModelTooLarge = "SSCMA4007";

    /// <summary>The model needs more memory on the device than MaxArenaSize. Lower ImageSize, take a smaller configuration, or raise the limit on purpose.</summary>
    public const string ArenaTooLarge = "SSCMA4008";

    /// <summary>MaxArenaSize cannot be judged, because export.json is missing, broken or another file's. Run the target SscmaClean and build again.</summary>
    public const string ArenaUnknown = "SSCMA4009";

    /// <summary>A model has MinDeviceMap or MinDeviceMap50, but is not made for SSCMA-Micro, so no device can be asked. Leave it out, or set TargetRuntime to sscma-micro.</summary>
    public const string NoDeviceView = "SSCMA4010";

    /// <summary>EmbedAs is none of CSharp, C and None. Use one of them.</summary>
    public const string UnknownEmbedAs = "SSCMA5001";

    /// <summary>Namespace or ClassName is no C# name, or two models would generate the same class. Set Namespace or ClassName.</summary>
    public const string BadAccessorName = "SSCMA5002";

    /// <summary>Warning: SscmaEnabled is false and there is no model that passed its gate: nothing is embedded. Build once with SscmaEnabled=true.</summary>
    public const string NothingProven = "SSCMA5003";

    /// <summary>The .tflite file does not say its labels and image size, so nothing can be generated from it. Export it with the target SscmaExport.</summary>
    public const string ModelWithoutFacts = "SSCMA5004";

    /// <summary>CArray is neither Source nor Incbin. Use one of them.</summary>
    public const string UnknownCArray = "SSCMA5005";

    /// <summary>SscmaVela is set and the program vela is not found. Install it (pip install ethos-u-vela), give its path, or leave SscmaVela out.</summary>
    public const string VelaMissing = "SSCMA5006";

    /// <summary>Vela failed, or made a file with other inputs or outputs. Read what it said and check SscmaVelaArgs.</summary>
    public const string VelaFailed = "SSCMA5007";
}
