namespace Sscma.Coco;

/// <summary>One of the sources of a split. Several make one split: classes are told apart by name, images by their part.</summary>
public sealed record DatasetPart
{
    /// <summary>A COCO file as it stands: its ids, its order, nothing renamed.</summary>
    public static DatasetPart Plain(string annotations, string images) => new() { Annotations = annotations, Images = images };

    /// <summary>How it is written.</summary>
    public DatasetFormat Format { get; init; }

    /// <summary>Its name, the same on every machine: what stands before the file names of its images. Empty for a plain COCO file.</summary>
    public string Name { get; init; } = "";

    /// <summary>The dataset that it belongs to, for messages.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>The COCO file; the data.yaml; the list of a VOC split, or a folder of XML files.</summary>
    public required string Annotations { get; init; }

    /// <summary>Where file names of images begin. For YOLO: a folder or list that replaces the one of data.yaml, or empty.</summary>
    public required string Images { get; init; }

    /// <summary>The folder that no image may lie outside of. Only used for YOLO.</summary>
    public string Root { get; init; } = "";

    /// <summary>VOC: the folder of the XML files that a list names.</summary>
    public string Labels { get; init; } = "";

    /// <summary>train, val or test.</summary>
    public string Split { get; init; } = "train";

    /// <summary>Classes to rename or to drop: <c>bike=bicycle;ignore=</c>.</summary>
    public string ClassMap { get; init; } = "";

    /// <summary>VOC: the classes in their order, separated by semicolons; else they are sorted.</summary>
    public string ClassNames { get; init; } = "";

    /// <summary>Whether the part is one COCO file that is used as it stands.</summary>
    public bool IsPlain => Name.Length == 0;
}
