namespace Sscma.Coco;

/// <summary>A class of objects. Its index in <see cref="CocoDataset.Categories"/> is the class index of the network.</summary>
/// <param name="Id">The id in the annotation file: any number, with gaps and in any order.</param>
/// <param name="Name">The label.</param>
public sealed record CocoCategory(long Id, string Name);
