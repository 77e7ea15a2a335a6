using System.Globalization;
using Sscma.Coco;
using Sscma.Diagnostics;

namespace Sscma.Build.Worker;

/// <summary>
/// A split among the options: <c>trainAnnotations</c> and <c>trainImages</c> for one COCO file as it stands, else <c>train.count</c> and, for each part,
/// <c>train.0.format</c>, <c>train.0.annotations</c>, … The tasks have the other half of this: Stage.
/// </summary>
internal static class SplitOptions
{
    /// <summary>The parts of a split that must be there.</summary>
    /// <exception cref="DiagnosticException">SSCMA9003: an option is missing or wrong.</exception>
    public static IReadOnlyList<DatasetPart> Required(WorkerOptions options, string split) =>
        Optional(options, split) is { Count: > 0 } parts ? parts : [DatasetPart.Plain(options.Required($"{split}Annotations"), options.Required($"{split}Images"))];

    /// <summary>The parts of a split; none if the options do not have it.</summary>
    /// <exception cref="DiagnosticException">SSCMA9003: an option is missing or wrong.</exception>
    public static IReadOnlyList<DatasetPart> Optional(WorkerOptions options, string split)
    {
        if (options.Integer($"{split}.count") is { } count)
            return [.. Enumerable.Range(0, count).Select(i => Part(options, string.Create(CultureInfo.InvariantCulture, $"{split}.{i}.")))];
        return options.Optional($"{split}Annotations") is { } annotations ? [DatasetPart.Plain(annotations, options.Required($"{split}Images"))] : [];
    }

    private static DatasetPart Part(WorkerOptions options, string prefix)
    {
        string Text(string name) => options.Optional(prefix + name) ?? "";
        var format = options.Required(prefix + "format");
        return new DatasetPart
        {
            Format = Enum.TryParse<DatasetFormat>(format, ignoreCase: true, out var known)
                ? known
                : throw new DiagnosticException(Codes.WorkerCommandLine, $"the option '{prefix}format' is '{format}', which is no format"),
            Name = options.Required(prefix + "name"),
            Dataset = Text("dataset"),
            Annotations = options.Required(prefix + "annotations"),
            Images = Text("images"),
            Root = Text("root"),
            Labels = Text("labels"),
            Split = Text("split"),
            ClassMap = Text("classMap"),
            ClassNames = Text("classNames"),
        };
    }
}
