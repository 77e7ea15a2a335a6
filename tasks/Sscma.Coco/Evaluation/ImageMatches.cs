namespace Sscma.Coco.Evaluation;

/// <summary>Which detections found which objects: one image, category and area range; D detections, G objects, T thresholds.</summary>
public sealed record ImageMatches
{
    /// <summary>Id of the image.</summary>
    public required long ImageId { get; init; }

    /// <summary>Id of the category, -1 for all together.</summary>
    public required long CategoryId { get; init; }

    /// <summary>Index of the area range.</summary>
    public required int Area { get; init; }

    /// <summary>(D): positions in the input counted from 1, best score first.</summary>
    public required long[] DetectionIds { get; init; }

    /// <summary>(G): ids of the objects, those that do not count last.</summary>
    public required long[] ObjectIds { get; init; }

    /// <summary>(D): scores.</summary>
    public required double[] Scores { get; init; }

    /// <summary>(T)(D): id of the object found, or 0.</summary>
    public required long[][] DetectionMatches { get; init; }

    /// <summary>(T)(G): id of the detection that found it, or 0.</summary>
    public required long[][] ObjectMatches { get; init; }

    /// <summary>(T)(D): whether the detection is neither right nor wrong.</summary>
    public required bool[][] DetectionIgnored { get; init; }

    /// <summary>(G): whether the object need not be found.</summary>
    public required bool[] ObjectIgnored { get; init; }
}
