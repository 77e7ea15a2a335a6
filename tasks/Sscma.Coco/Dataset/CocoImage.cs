namespace Sscma.Coco;

/// <summary>An image of a dataset.</summary>
/// <param name="Id">The id in the annotation file.</param>
/// <param name="FileName">The name as the annotation file writes it.</param>
/// <param name="Path">The file; it lies inside the image folder.</param>
/// <param name="Width">True width of the upright picture, in pixels.</param>
/// <param name="Height">True height of the upright picture, in pixels.</param>
public sealed record CocoImage(long Id, string FileName, string Path, int Width, int Height);
