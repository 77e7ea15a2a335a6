using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Build.Framework;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks.Models;

/// <summary>The datasets of a model: one, or several that are merged by the worker.</summary>
internal sealed class ModelDatasets(DatasetItems datasets, ItemReport report)
{
    private const string ItemType = "SscmaModel";
    private const string Validation = "val";
    private const string Test = "test";

    private readonly List<string> _names = new();
    private readonly List<Dataset?> _chosen = new();
    private string _gateSplit = Validation;

    /// <summary>Whether every dataset is there; one that is not has been reported.</summary>
    public bool IsComplete => _chosen.Count > 0 && !_chosen.Contains(null);

    /// <summary>Finds the datasets of a model: names and patterns, separated by semicolons. False when one is unknown, which is reported.</summary>
    public bool Find(ITaskItem item)
    {
        var written = item.GetMetadata("Dataset").Split(';').Select(name => name.Trim()).Where(name => name.Length > 0).ToList();
        if (written.Count == 0 && datasets.Names.Count == 1)
            written.Add(datasets.Names[0]);
        if (written.Count == 0)
            return Unknown(item, "", "names no Dataset");
        foreach (var name in written)
        {
            var found = PathPattern.Is(name) ? datasets.Like(name) : new[] { name };
            if (found.Count == 0)
                return Unknown(item, name, $"uses the datasets '{name}', but no SscmaDataset item has such a name");
            foreach (var one in found.Where(one => !_names.Contains(one, StringComparer.OrdinalIgnoreCase)))
            {
                if (!datasets.TryGet(one, out var dataset))
                    return Unknown(item, one, $"uses the dataset '{one}', which no SscmaDataset item declares");
                _names.Add(one);
                _chosen.Add(dataset);
            }
        }

        return true;
    }

    /// <summary>Whether the split that the gate looks at is there.</summary>
    public bool CheckGateSplit(ITaskItem item)
    {
        var written = item.GetMetadata("GateSplit").Trim().ToLowerInvariant();
        _gateSplit = written.Length == 0 ? Validation : written;
        var fault = _gateSplit is not (Validation or Test) ? $"GateSplit is '{written}'; it is one of val, test"
            : _gateSplit == Test && _chosen.All(dataset => dataset!.Test.Count == 0) ? $"GateSplit is test, but the dataset '{_names[0]}' has no TestAnnFile"
            : null;
        if (fault is null)
            return true;
        report.Error(Codes.BadGateSplit, $"the model '{item.ItemSpec}': {fault}.", item, ItemType, "GateSplit");
        return false;
    }

    /// <summary>Writes the splits down for the stages. A plain COCO dataset has parts without a name: it is used as it stands.</summary>
    public void WriteTo(ITaskItem2 model)
    {
        var plain = _chosen.Count == 1 && _chosen[0]!.IsPlain;
        string Text(Func<Dataset, IEnumerable<DatasetPart>> split) => DatasetPart.Text(_chosen.SelectMany(dataset => split(dataset!))
            .Select(part => plain ? new DatasetPart(("format", part.Format), ("split", part.Split), ("annotations", part.Annotations), ("images", part.Images)) : part));
        model.SetMetadataValueLiteral("DataRoot", _chosen[0]!.Root);
        model.SetMetadataValueLiteral("TrainParts", Text(dataset => dataset.Train));
        model.SetMetadataValueLiteral("ValParts", Text(dataset => dataset.Val));
        model.SetMetadataValueLiteral("TestParts", Text(dataset => dataset.Test));
        model.SetMetadataValueLiteral("GateSplit", _gateSplit);
    }

    private bool Unknown(ITaskItem item, string name, string found)
    {
        var declared = datasets.Names.Count == 0
            ? "No SscmaDataset item is declared: add one with this name."
            : $"Declared are {string.Join(", ", datasets.Names)}.{NearestName.Question(name, datasets.Names)}";
        report.Error(Codes.UnknownDataset, $"the model '{item.ItemSpec}' {found}. {declared}", item, ItemType, "Dataset");
        return false;
    }
}
