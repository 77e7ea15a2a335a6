using Sscma.Detection;

namespace Sscma.Training.Assignment;

/// <summary>What the cells of one image are to learn.</summary>
/// <param name="Labels">Class of the object that the cell answers for, or C for the background, (N).</param>
/// <param name="Boxes">That object's box; all zero for the background, (N).</param>
/// <param name="Metrics">The overlap that the cell's box has with it now: the target of its class score; 0 for the background, (N).</param>
/// <param name="Foreground">Whether the cell answers for an object, (N).</param>
public sealed record CellTargets(int[] Labels, Box[] Boxes, float[] Metrics, bool[] Foreground);
