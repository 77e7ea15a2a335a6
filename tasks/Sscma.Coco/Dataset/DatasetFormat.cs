namespace Sscma.Coco;

/// <summary>How the annotations of a dataset are written.</summary>
public enum DatasetFormat
{
    /// <summary>One JSON file per split.</summary>
    Coco,

    /// <summary>A data.yaml and one text file per image.</summary>
    Yolo,

    /// <summary>One XML file per image (Pascal VOC).</summary>
    Voc,
}
