namespace Sscma.Coco;

/// <summary>An annotation exactly as the file holds it: the ground truth of an evaluation.</summary>
/// <param name="Id">The id in the annotation file.</param>
/// <param name="ImageId">Id of its image, which may not be listed.</param>
/// <param name="CategoryId">Id of its category, which may not be listed.</param>
/// <param name="X">Left, in pixels.</param>
/// <param name="Y">Top.</param>
/// <param name="Width">Width; may be negative in a faulty file.</param>
/// <param name="Height">Height; may be negative in a faulty file.</param>
/// <param name="Area">The file's area, or width x height where it gives none.</param>
/// <param name="IsCrowd">A region of many objects.</param>
public sealed record CocoAnnotation(
    long Id, long ImageId, long CategoryId, double X, double Y, double Width, double Height, double Area, bool IsCrowd);
