namespace Sscma.Coco;

/// <summary>What an annotation file says, entry by entry, before anything is checked against the images.</summary>
internal sealed class AnnotationDocument
{
    /// <summary>The list "images".</summary>
    public List<ImageEntry> Images { get; set; } = [];

    /// <summary>The list "categories".</summary>
    public List<CategoryEntry> Categories { get; set; } = [];

    /// <summary>The list "annotations".</summary>
    public List<AnnotationEntry> Annotations { get; set; } = [];

    /// <summary>Whether boxes are fractions of their pictures, not pixels.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>The files that this was read from, when it is not one annotation file.</summary>
    public List<string> Files { get; } = [];

    /// <summary>How a bbox was written.</summary>
    public enum BoxState
    {
        /// <summary>There is none.</summary>
        Missing,

        /// <summary>Something else than four finite numbers.</summary>
        Malformed,

        /// <summary>Four finite numbers.</summary>
        Numbers,
    }

    /// <summary>An entry of "images"; a width or height of 0 means that none is given. Offset: the byte where the entry begins.</summary>
    public sealed record ImageEntry(long Id, string FileName, double Width, double Height, int Offset);

    /// <summary>An entry of "categories".</summary>
    public sealed record CategoryEntry(long Id, string Name, int Offset);

    /// <summary>An entry of "annotations"; the box of <paramref name="Value"/> is only meant when it has four numbers.</summary>
    public sealed record AnnotationEntry(CocoAnnotation Value, BoxState Box, int Offset);
}
