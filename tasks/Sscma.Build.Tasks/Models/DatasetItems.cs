using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Sscma.Diagnostics;
using Sscma.Files;

namespace Sscma.Build.Tasks.Models;

/// <summary>The SscmaDataset items of a project.</summary>
internal sealed class DatasetItems
{
    private const string ItemType = "SscmaDataset";

    private static readonly string[] Known = { "DataRoot", "TrainAnnFile", "TrainImgPrefix", "ValAnnFile", "ValImgPrefix" };

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

    private Dataset? Read(ITaskItem item)
    {
        var missing = new[] { "DataRoot", "TrainAnnFile", "ValAnnFile" }.Where(name => item.GetMetadata(name).Length == 0).ToList();
        if (missing.Count > 0)
        {
            _report.Error(Codes.IncompleteDataset, $"the dataset '{item.ItemSpec}' has no {string.Join(" and no ", missing)}; it needs DataRoot, TrainAnnFile and ValAnnFile.", item, ItemType);
            return null;
        }

        var root = Absolute(_projectFolder, item.GetMetadata("DataRoot"));
        if (!Directory.Exists(root))
            return Missing(item, "DataRoot", "the folder", root, $"DataRoot is relative to the project's folder '{_projectFolder}'");

        var dataset = new Dataset(
            root,
            Absolute(root, item.GetMetadata("TrainAnnFile")),
            Absolute(root, item.GetMetadata("TrainImgPrefix")),
            Absolute(root, item.GetMetadata("ValAnnFile")),
            Absolute(root, item.GetMetadata("ValImgPrefix")));
        var hint = $"it is relative to DataRoot '{root}'";
        if (!File.Exists(dataset.TrainAnnotations))
            return Missing(item, "TrainAnnFile", "the annotation file", dataset.TrainAnnotations, hint);
        if (!File.Exists(dataset.ValAnnotations))
            return Missing(item, "ValAnnFile", "the annotation file", dataset.ValAnnotations, hint);
        if (!Directory.Exists(dataset.TrainImages))
            return Missing(item, "TrainImgPrefix", "the folder", dataset.TrainImages, hint);
        if (!Directory.Exists(dataset.ValImages))
            return Missing(item, "ValImgPrefix", "the folder", dataset.ValImages, hint);
        return dataset;
    }

    private Dataset? Missing(ITaskItem item, string metadata, string kind, string path, string hint)
    {
        _report.Error(Codes.DatasetPathMissing, $"{metadata} of the dataset '{item.ItemSpec}': {kind} '{path}' does not exist; {hint}.{CaseMatch.Remark(path)}", item, ItemType, metadata);
        return null;
    }

    private static string Absolute(string folder, string path) => Path.GetFullPath(Path.Combine(folder, path.Replace('\\', Path.DirectorySeparatorChar)));
}
