using System.Collections.Generic;
using System.Linq;

namespace Sscma.Build.Tasks.Models;

/// <summary>One source of a split: a COCO file with its images, or a split of a YOLO or VOC folder. Its fields are options of the worker.</summary>
internal sealed class DatasetPart
{
    private static readonly string[] Names = { "format", "name", "dataset", "annotations", "images", "root", "labels", "split", "classMap", "classNames" };

    private readonly Dictionary<string, string> _fields;

    /// <summary>A part with some of the fields.</summary>
    public DatasetPart(params (string Name, string Value)[] fields) => _fields = fields.ToDictionary(field => field.Name, field => field.Value);

    /// <summary>Whether it is one COCO file that is used as it stands: it has no name.</summary>
    public bool IsPlain => this["name"].Length == 0;

    /// <summary>coco, yolo or voc.</summary>
    public string Format => this["format"];

    /// <summary>The COCO file, the data.yaml, the list or the folder of XML files.</summary>
    public string Annotations => this["annotations"];

    /// <summary>The folder of the images; for YOLO what replaces the entry of data.yaml, or nothing.</summary>
    public string Images => this["images"];

    /// <summary>The folder of the dataset.</summary>
    public string Root => this["root"];

    /// <summary>VOC: the folder of the XML files.</summary>
    public string Labels => this["labels"];

    /// <summary>train, val or test.</summary>
    public string Split => this["split"];

    /// <summary>A field, or an empty text.</summary>
    public string this[string name] => _fields.TryGetValue(name, out var value) ? value : "";

    /// <summary>Fields that say how the files are read.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings => Pairs("format", "name", "dataset", "split", "classMap", "classNames");

    /// <summary>Fields that say where the files are.</summary>
    public IEnumerable<KeyValuePair<string, string>> Places => Pairs("annotations", "images", "root", "labels");

    /// <summary>Parts as one text.</summary>
    public static string Text(IEnumerable<DatasetPart> parts) => string.Join("\n", parts.Select(part => string.Join("\t", Names.Select(name => part[name]))));

    /// <summary>Parts from that text.</summary>
    public static IReadOnlyList<DatasetPart> Parse(string text) => text.Split('\n').Where(line => line.Length > 0)
        .Select(line => new DatasetPart(Names.Zip(line.Split('\t'), (name, value) => (name, value)).ToArray()))
        .ToList();

    private IEnumerable<KeyValuePair<string, string>> Pairs(params string[] names) =>
        names.Select(name => new KeyValuePair<string, string>(name, this[name]));
}
