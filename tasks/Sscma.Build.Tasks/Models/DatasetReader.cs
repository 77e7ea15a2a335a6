using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Sscma.Diagnostics;
using Sscma.Files;

namespace Sscma.Build.Tasks.Models;

/// <summary>Makes the parts of a dataset's splits from its item. The first thing that is wrong is reported.</summary>
internal sealed class DatasetReader(ITaskItem item, string itemType, string root, ItemReport report)
{
    private bool _plain = true;
    private bool _wrong;

    private string Name => item.ItemSpec;

    private string ClassMap => item.GetMetadata("ClassMap").Trim();

    /// <summary>The dataset, or null when something about it was reported.</summary>
    public Dataset? Read(string format)
    {
        _plain = format == "Coco" && ClassMap.Length == 0;
        var train = Split("train", format);
        var val = Split("val", format);
        var test = item.GetMetadata("TestAnnFile").Length > 0 ? Split("test", format) : [];
        return _wrong ? null : new Dataset(root, _plain, train, val, test);
    }

    private IReadOnlyList<DatasetPart> Split(string split, string format)
    {
        if (_wrong)
            return [];
        var metadata = char.ToUpperInvariant(split[0]) + split.Substring(1);
        var (annotations, images) = (item.GetMetadata(metadata + "AnnFile"), item.GetMetadata(metadata + "ImgPrefix"));
        return format switch
        {
            "Yolo" => Yolo(split, metadata, annotations),
            "Voc" => Voc(split, metadata, annotations, images),
            _ => Coco(split, metadata, annotations, images),
        };
    }

    private IReadOnlyList<DatasetPart> Coco(string split, string metadata, string annotations, string images)
    {
        var entries = annotations.Split(';').Select(entry => entry.Trim()).Where(entry => entry.Length > 0).ToList();
        var isList = entries.Count > 1 || entries.Any(PathPattern.Is);
        _plain &= !isList;
        var files = new List<string>();
        foreach (var entry in entries)
        {
            var found = PathPattern.Is(entry) ? PathPattern.Match(root, entry) : new[] { Absolute(entry) };
            if (found.Count == 0)
                return Wrong(Codes.NoAnnotationMatch, $"{metadata}AnnFile of the dataset '{Name}': no file in '{root}' matches '{entry}'. * stands for a part of one name, ** for any folders.", metadata + "AnnFile");
            files.AddRange(found.Where(file => !files.Contains(file)));
        }

        var parts = new List<DatasetPart>();
        foreach (var file in files)
        {
            var folder = isList && images.Length == 0 ? Path.GetDirectoryName(file)! : Absolute(images);
            if (!File.Exists(file))
                return Missing(metadata + "AnnFile", "the annotation file", file);
            if (!Directory.Exists(folder))
                return Missing(metadata + "ImgPrefix", "the folder", folder);
            parts.Add(Part("coco", split, file, folder, files.Count > 1 ? $"{Name}/{Relative(file)}" : Name));
        }

        return parts;
    }

    private IReadOnlyList<DatasetPart> Yolo(string split, string metadata, string annotations)
    {
        var file = new[] { "data.yaml", "dataset.yaml", "data.yml", "dataset.yml" }.Select(Absolute).FirstOrDefault(File.Exists);
        if (file is null)
            return Missing("DataRoot", "the description of the YOLO dataset", Absolute("data.yaml"));
        var source = annotations.Length == 0 ? "" : Absolute(annotations);
        if (source.Length > 0 && !Directory.Exists(source) && !File.Exists(source))
            return Missing(metadata + "AnnFile", "the folder or list of images", source);
        return new[] { Part("yolo", split, file, source, Name) };
    }

    private IReadOnlyList<DatasetPart> Voc(string split, string metadata, string annotations, string images)
    {
        var list = Absolute(annotations.Length > 0 ? annotations : $"ImageSets/Main/{split}.txt");
        var isFolder = Directory.Exists(list);
        if (!isFolder && !File.Exists(list))
            return Missing(metadata + "AnnFile", "the list of images, or folder of XML files,", list);
        var folder = images.Length > 0 ? Absolute(images) : isFolder ? list : Absolute("JPEGImages");
        if (!Directory.Exists(folder))
            return Missing(metadata + "ImgPrefix", "the folder", folder);
        return new[] { Part("voc", split, list, folder, Name, ("labels", Absolute("Annotations")), ("classNames", item.GetMetadata("ClassNames").Trim())) };
    }

    private DatasetPart Part(string format, string split, string annotations, string images, string name, params (string Name, string Value)[] more) => new(
        new[]
        {
            ("format", format), ("split", split), ("annotations", annotations), ("images", images), ("name", name), ("dataset", Name), ("root", root), ("classMap", ClassMap),
        }.Concat(more).ToArray());

    private IReadOnlyList<DatasetPart> Missing(string metadata, string kind, string path) => Wrong(
        Codes.DatasetPathMissing, $"{metadata} of the dataset '{Name}': {kind} '{path}' does not exist; it is relative to DataRoot '{root}'.{CaseMatch.Remark(path)}", metadata);

    private IReadOnlyList<DatasetPart> Wrong(string code, string message, string metadata)
    {
        report.Error(code, message, item, itemType, metadata);
        _wrong = true;
        return [];
    }

    private string Absolute(string path) => DatasetItems.Absolute(root, path);

    private string Relative(string file) =>
        (file.StartsWith(root, StringComparison.Ordinal) ? file.Substring(root.Length).TrimStart(Path.DirectorySeparatorChar) : Path.GetFileName(file)).Replace('\\', '/');
}
