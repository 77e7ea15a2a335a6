using System.Globalization;
using Sscma.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sscma.Coco;

/// <summary>What a data.yaml says: the names of the classes and where the images of a split lie.</summary>
/// <param name="Names">Names by class index.</param>
/// <param name="Sources">Folders and lists of the split, which exist.</param>
internal sealed record YoloDataFile(IReadOnlyList<string> Names, IReadOnlyList<string> Sources)
{
    /// <summary>Reads the file.</summary>
    /// <param name="part">Which file, which split; what replaces the split's entry.</param>
    /// <exception cref="DiagnosticException">SSCMA1030: it is no such file.</exception>
    public static YoloDataFile Read(DatasetPart part)
    {
        var file = part.Annotations;
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(FolderText.Read(file)));
            if (yaml.Documents.Count != 1 || yaml.Documents[0].RootNode is not YamlMappingNode root)
                throw Wrong(file, null, "it is no list of keys and values");
            return new YoloDataFile(ReadNames(file, root), part.Images.Length > 0 ? [part.Images] : ReadSources(part, root));
        }
        catch (YamlException problem)
        {
            throw new DiagnosticException(
                Diagnostic.Error(Codes.YoloFileWrong, $"the file is no YAML: {problem.Message}", file, (int)problem.Start.Line, (int)problem.Start.Column), problem);
        }
    }

    private static List<string> ReadNames(string file, YamlMappingNode root)
    {
        var node = Find(root, "names") ?? throw Wrong(file, root, "it has no 'names'");
        var names = node switch
        {
            YamlSequenceNode list => list.Children.Select(child => Text(file, child)).ToList(),
            YamlMappingNode map => Ordered(file, map),
            _ => throw Wrong(file, node, "'names' is neither a list nor a map from numbers to names"),
        };
        if (names.Count == 0 || names.Distinct().Count() != names.Count)
            throw Wrong(file, node, names.Count == 0 ? "'names' is empty" : $"'names' has '{names.GroupBy(name => name).First(group => group.Count() > 1).Key}' twice");
        if (Find(root, "nc") is YamlScalarNode { Value: { } count } written && (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number != names.Count))
            throw Wrong(file, written, $"'nc' is {count}, but 'names' has {names.Count} entries");
        return names;
    }

    private static List<string> Ordered(string file, YamlMappingNode map)
    {
        var names = new SortedDictionary<int, string>();
        foreach (var (key, value) in map.Children)
        {
            if (!int.TryParse(Text(file, key), NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= map.Children.Count)
                throw Wrong(file, key, $"'names' has the key '{Text(file, key)}', where the numbers 0 to {map.Children.Count - 1} were expected");
            names[index] = Text(file, value);
        }

        return [.. names.Values];
    }

    private static List<string> ReadSources(DatasetPart part, YamlMappingNode root)
    {
        var node = Find(root, part.Split) ?? (part.Split == "val" ? Find(root, "valid") : null)
            ?? throw Wrong(part.Annotations, root, $"it has no '{part.Split}'; add it, or set {Metadata(part)} on the dataset '{part.Dataset}'");
        var entries = node is YamlSequenceNode list ? list.Children.Select(child => Text(part.Annotations, child)) : [Text(part.Annotations, node)];
        var path = Find(root, "path") is YamlScalarNode { Value: { Length: > 0 } written } ? written : null;
        return [.. entries.Select(entry => YoloPaths.Resolve(part.Annotations, path, entry)
            ?? throw Wrong(part.Annotations, node, $"'{part.Split}' is '{entry}', which is neither a folder nor a list of images below '{path ?? Path.GetDirectoryName(part.Annotations)}'"))];
    }

    private static string Metadata(DatasetPart part) => char.ToUpperInvariant(part.Split[0]) + part.Split[1..] + "AnnFile";

    private static YamlNode? Find(YamlMappingNode map, string key) => map.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode { Value: { } name } && name == key).Value;

    private static string Text(string file, YamlNode node) =>
        node is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw Wrong(file, node, "a text was expected here");

    private static DiagnosticException Wrong(string file, YamlNode? node, string what) => new(
        Codes.YoloFileWrong, $"the description of the YOLO dataset cannot be used: {what}.", file, (int)(node?.Start.Line ?? 0), (int)(node?.Start.Column ?? 0));
}
