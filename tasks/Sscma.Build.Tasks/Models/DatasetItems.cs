using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using Sscma.Diagnostics;
using Sscma.Files;

namespace Sscma.Build.Tasks.Models;

/// <summary>The SscmaDataset items of a project.</summary>
internal sealed class DatasetItems
{
    private const string ItemType = "SscmaDataset";

    private static readonly string[] Known =
    {
        "DataRoot", "Format", "TrainAnnFile", "TrainImgPrefix", "ValAnnFile", "ValImgPrefix", "TestAnnFile", "TestImgPrefix", "ClassMap", "ClassNames",
    };

    private static readonly string[] Formats = { "Coco", "Yolo", "Voc" };

    private readonly Dictionary<string, Dataset?> _datasets = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _projectFolder;
    private readonly ItemReport _report;

    /// <summary>Checks the items.</summary>
    public DatasetItems(IEnumerable<ITaskItem> items, string project, ItemReport report)
    {
        _projectFolder = Path.GetDirectoryName(Path.GetFullPath(project))!;
        _report = report;
        foreach (var item in items)
        {
            if (_datasets.ContainsKey(item.ItemSpec))
            {
                report.Error(Codes.DuplicateDataset, $"the dataset '{item.ItemSpec}' is declared twice; rename one.", item, ItemType);
                continue;
            }

            report.UnknownMetadata(item, ItemType, Known);
            _datasets[item.ItemSpec] = Read(item);
        }
    }

    /// <summary>The names that are declared.</summary>
    public IReadOnlyList<string> Names => _datasets.Keys.OrderBy(name => name, StringComparer.OrdinalIgnoreCase).ToList();

    /// <summary>Whether a dataset with this name is declared; it is null when its declaration was reported as wrong.</summary>
    public bool TryGet(string name, out Dataset? dataset) => _datasets.TryGetValue(name, out dataset);

    /// <summary>Names that match a pattern with * and ?, sorted.</summary>
    public IReadOnlyList<string> Like(string pattern)
    {
        var shape = new Regex($"^{Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".")}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        return _datasets.Keys.Where(name => shape.IsMatch(name)).OrderBy(name => name, StringComparer.Ordinal).ToList();
    }

    private Dataset? Read(ITaskItem item)
    {
        var written = item.GetMetadata("Format").Trim();
        var format = written.Length == 0 ? Formats[0] : Formats.FirstOrDefault(known => string.Equals(known, written, StringComparison.OrdinalIgnoreCase));
        if (format is null)
            return Wrong(item, Codes.UnknownFormat, $"Format of the dataset '{item.ItemSpec}' is '{written}'; it is one of {string.Join(", ", Formats)}.", "Format");
        var needed = format == "Coco" ? new[] { "DataRoot", "TrainAnnFile", "ValAnnFile" } : new[] { "DataRoot" };
        var missing = needed.Where(name => item.GetMetadata(name).Length == 0).ToList();
        if (missing.Count > 0)
        {
            var hint = format == "Coco" ? "it needs DataRoot, TrainAnnFile and ValAnnFile" : $"with Format={format} it needs DataRoot";
            return Wrong(item, Codes.IncompleteDataset, $"the dataset '{item.ItemSpec}' has no {string.Join(" and no ", missing)}; {hint}.");
        }

        if (ClassMapText.Fault(item.GetMetadata("ClassMap")) is { } fault)
            return Wrong(item, Codes.BadClassMap, $"ClassMap of the dataset '{item.ItemSpec}' {fault}. Write old=new;old=new; nothing after = drops the class.", "ClassMap");
        var root = Absolute(_projectFolder, item.GetMetadata("DataRoot"));
        if (!Directory.Exists(root))
            return Wrong(item, Codes.DatasetPathMissing, $"DataRoot of the dataset '{item.ItemSpec}': the folder '{root}' does not exist; DataRoot is relative to the project's folder '{_projectFolder}'.{CaseMatch.Remark(root)}", "DataRoot");
        return new DatasetReader(item, ItemType, root, _report).Read(format);
    }

    private Dataset? Wrong(ITaskItem item, string code, string message, string? metadata = null)
    {
        _report.Error(code, message, item, ItemType, metadata);
        return null;
    }

    /// <summary>A path of an item, with either kind of slash.</summary>
    public static string Absolute(string folder, string path) => Path.GetFullPath(Path.Combine(folder, path.Replace('\\', Path.DirectorySeparatorChar)));
}
