using Sscma.Detection;

namespace Sscma.Training.Assignment;

/// <summary>The objects of one training image.</summary>
/// <param name="Boxes">Corners in pixels of the network's input.</param>
/// <param name="Labels">Class of each box, 0 to C − 1.</param>
public sealed record GroundTruth(IReadOnlyList<Box> Boxes, IReadOnlyList<int> Labels)
{
    /// <summary>An image without objects.</summary>
    public static GroundTruth Empty { get; } = new([], []);

    /// <summary>Number of objects.</summary>
    public int Count => Boxes.Count;
}
