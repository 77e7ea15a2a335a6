namespace Sscma.Coco;

/// <summary>An object to learn: its box has an area and lies inside its picture.</summary>
/// <param name="Id">The id in the annotation file.</param>
/// <param name="ImageIndex">Index into <see cref="CocoDataset.Images"/>.</param>
/// <param name="ClassIndex">Index into <see cref="CocoDataset.Categories"/>.</param>
/// <param name="X">Left, in pixels of the upright picture.</param>
/// <param name="Y">Top.</param>
/// <param name="Width">Width, greater than 0.</param>
/// <param name="Height">Height, greater than 0.</param>
/// <param name="Area">The area that the file gives (of the shape, not of the box), in square pixels.</param>
/// <param name="IsCrowd">A region of many objects: neither to be learned as one nor to be counted as missed.</param>
public sealed record CocoObject(
    long Id, int ImageIndex, int ClassIndex, double X, double Y, double Width, double Height, double Area, bool IsCrowd);
