using Sscma.Diagnostics;
using static Sscma.Coco.AnnotationDocument;

namespace Sscma.Coco;

/// <summary>Finds the listed images in their folder and reads their true sizes.</summary>
internal sealed class ImageLocator(string folder, Findings findings)
{
    private readonly string _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>One entry per listed image, null for one that cannot be used (which was reported).</summary>
    public CocoImage?[] Locate(IReadOnlyList<ImageEntry> entries)
    {
        var images = new CocoImage?[entries.Count];
        var problems = new Diagnostic?[entries.Count];
        Parallel.For(0, entries.Count, i => (images[i], problems[i]) = Find(entries[i]));

        // Reported in the order of the file, whatever the order of the threads.
        for (var i = 0; i < entries.Count; i++)
        {
            if (problems[i] is { } problem)
                findings.Add(problem.Severity, problem.Code, $"{entries.Count} images", $"'{entries[i].FileName}'", problem.Message, entries[i].Offset);
        }

        return images;
    }

    private (CocoImage? Image, Diagnostic? Problem) Find(ImageEntry entry)
    {
        if (Resolve(entry.FileName) is not { } path)
        {
            return (null, Diagnostic.Error(Codes.ImagePathOutside,
                $"the file name '{entry.FileName}' {WhyOutside(entry.FileName)}, and was not opened. Write it relative to '{_folder}'."));
        }

        try
        {
            var (width, height) = ImageFile.Inspect(path);
            var image = new CocoImage(entry.Id, entry.FileName, path, width, height);
            return (image, Differs(entry, width, height) ? SizeWarning(entry, width, height) : null);
        }
        catch (DiagnosticException problem)
        {
            var hint = problem.Diagnostic.Code == Codes.ImageTooLarge ? $" (The annotation file says {entry.Width}x{entry.Height}.)" : "";
            return (null, Diagnostic.Error(problem.Diagnostic.Code, $"'{entry.FileName}' in '{_folder}': {problem.Diagnostic.Message}{hint}"));
        }
    }

    /// <summary>The path of a name, or null if it is not a relative path that stays inside the folder. Nothing is opened.</summary>
    private string? Resolve(string name)
    {
        if (name.Length == 0 || name.Contains('\0') || IsAbsolute(name))
            return null;

        // Annotation tools on Windows write backslashes.
        var path = Path.GetFullPath(name.Replace('\\', '/'), _folder);
        if (!path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            return null;
        var literal = Path.Combine(_folder, name);
        return name.Contains('\\') && !File.Exists(path) && File.Exists(literal) ? literal : path;
    }

    private static bool IsAbsolute(string name) =>
        Path.IsPathRooted(name) || name[0] is '/' or '\\' || (name.Length > 1 && char.IsAsciiLetter(name[0]) && name[1] == ':');

    private static string WhyOutside(string name) =>
        name.Length == 0 ? "is empty" : name.Contains('\0') ? "holds a zero character" : IsAbsolute(name) ? "is absolute" : "leads out of the image folder";

    private static bool Differs(ImageEntry entry, int width, int height) =>
        (entry.Width != 0 && entry.Width != width) || (entry.Height != 0 && entry.Height != height);

    private static Diagnostic SizeWarning(ImageEntry entry, int width, int height) => Diagnostic.Warning(Codes.ImageSizeDiffers,
        $"'{entry.FileName}' is {width}x{height} pixels, but the annotation file says {entry.Width}x{entry.Height}; the true size is used and boxes are taken as they are. Check that the boxes fit the picture.");
}
