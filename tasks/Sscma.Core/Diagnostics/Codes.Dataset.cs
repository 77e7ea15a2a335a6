namespace Sscma.Diagnostics;

// SSCMA1xxx: dataset. One constant per code, in numeric order; a number that was shipped is never given to another cause.
public static partial class Codes
{
    /// <summary>The annotation file is not there. Check TrainAnnFile or ValAnnFile and DataRoot.</summary>
    public const string AnnotationFileMissing = "SSCMA1001";

    /// <summary>The annotation file is no JSON: cut short, a NaN, a stray comma. Repair it at the named line and column.</summary>
    public const string AnnotationJsonBroken = "SSCMA1002";

    /// <summary>The annotation file is not UTF-8. Save it as UTF-8; a byte order mark does no harm.</summary>
    public const string AnnotationEncoding = "SSCMA1003";

    /// <summary>The annotation file is nested too deeply. Remove the field that is.</summary>
    public const string AnnotationTooDeep = "SSCMA1004";

    /// <summary>A field of the annotation file is absent or of the wrong kind. Write it as the COCO format wants it.</summary>
    public const string AnnotationFieldWrong = "SSCMA1005";

    /// <summary>Two images have one id, so their boxes cannot be told apart. Give each image its own id.</summary>
    public const string ImageIdTwice = "SSCMA1006";

    /// <summary>Two categories have one id. Give each category its own id.</summary>
    public const string CategoryIdTwice = "SSCMA1007";

    /// <summary>The annotation file lists no images. Check that it is the right file.</summary>
    public const string NoImages = "SSCMA1008";

    /// <summary>The annotation file has no box that can be used. Annotate the images.</summary>
    public const string NoObjects = "SSCMA1009";

    /// <summary>The annotation file lists no categories. Check that it is the right file.</summary>
    public const string NoCategories = "SSCMA1010";

    /// <summary>A listed image is not there. Restore it, or remove it from the annotation file.</summary>
    public const string ImageMissing = "SSCMA1011";

    /// <summary>An image file has no bytes. Restore it, or remove it from the annotation file.</summary>
    public const string ImageEmpty = "SSCMA1012";

    /// <summary>An image file ends before its picture does. Copy it again from its source, or remove it.</summary>
    public const string ImageCutShort = "SSCMA1013";

    /// <summary>A file is no picture that can be decoded. Convert it to JPEG or PNG, or remove it.</summary>
    public const string ImageUnreadable = "SSCMA1014";

    /// <summary>A picture has more pixels than the limit. Scale it down, or remove it.</summary>
    public const string ImageTooLarge = "SSCMA1015";

    /// <summary>A file name is absolute or leads out of the image folder. Write it relative to the image folder.</summary>
    public const string ImagePathOutside = "SSCMA1016";

    /// <summary>Warning: a picture's size is not what the annotation file says; the true size is used. Check its boxes.</summary>
    public const string ImageSizeDiffers = "SSCMA1017";

    /// <summary>The image folder is not there. Check TrainImgPrefix or ValImgPrefix and DataRoot.</summary>
    public const string ImageFolderMissing = "SSCMA1018";

    /// <summary>A bbox is not four finite numbers. Write it as [x, y, width, height].</summary>
    public const string BoxNotFourNumbers = "SSCMA1020";

    /// <summary>An annotation has no bbox. Add it: [x, y, width, height].</summary>
    public const string BoxMissing = "SSCMA1021";

    /// <summary>Warning: a box has no area and is left out. Correct or remove it.</summary>
    public const string BoxWithoutArea = "SSCMA1022";

    /// <summary>Warning: a box lies wholly outside its picture and is left out. Correct or remove it.</summary>
    public const string BoxOutsideImage = "SSCMA1023";

    /// <summary>Warning: a box reaches beyond its picture and is clipped. Correct it.</summary>
    public const string BoxClipped = "SSCMA1024";

    /// <summary>An annotation has a category that is not listed. Add the category, or correct the annotation.</summary>
    public const string CategoryUnknown = "SSCMA1025";

    /// <summary>Warning: an annotation belongs to an image that is not listed and is left out. List the image, or remove the annotation.</summary>
    public const string ImageUnknown = "SSCMA1026";

    /// <summary>Warning: two annotations have one id; both are kept. Give each its own id.</summary>
    public const string AnnotationIdTwice = "SSCMA1027";

    /// <summary>The data.yaml of a YOLO dataset is missing something, or names a folder that is not there. The message says which. Correct it, or set TrainAnnFile and ValAnnFile.</summary>
    public const string YoloFileWrong = "SSCMA1030";

    /// <summary>A label file cannot be used: a line of a YOLO text file, or the XML of a VOC dataset. Correct it at the named line.</summary>
    public const string LabelFileWrong = "SSCMA1032";

    /// <summary>ClassMap renames a class that the dataset does not have. Use a name of the message's list.</summary>
    public const string ClassMapUnknown = "SSCMA1033";

    /// <summary>Warning: a class is measured, but no training image has an object of it. Annotate some, or drop the class.</summary>
    public const string ClassUnlearned = "SSCMA1034";

    /// <summary>Warning: images are in the training split and in the split that is measured. Keep the splits apart.</summary>
    public const string ImageInBothSplits = "SSCMA1035";

    /// <summary>Warning: a split has a class that the training split does not have; it is left out. Annotate it there too, or use ClassMap.</summary>
    public const string ClassNotTrained = "SSCMA1036";
}
