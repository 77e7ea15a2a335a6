using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Sscma.Build.Tasks.Gate;
using Sscma.Build.Tasks.Keys;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks.Models;

/// <summary>The SscmaModel items of a project.</summary>
internal sealed class ModelItems(DatasetItems datasets, ItemReport report, ResolveModels project)
{
    private const string ItemType = "SscmaModel";

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ITaskItem> _items = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _projectFolder = Path.GetDirectoryName(Path.GetFullPath(project.Project))!;

    /// <summary>The thresholds of the gate, and what a property of the project replaces each with.</summary>
    private (string Metadata, string Replacement)[] Thresholds =>
        [("MinMap", project.MinMap), ("MinMap50", project.MinMap50), ("MinDeviceMap", project.MinDeviceMap), ("MinDeviceMap50", project.MinDeviceMap50)];

    /// <summary>One model with everything in it, or null when something about it was reported.</summary>
    public TaskItem? Resolve(ITaskItem item)
    {
        var name = item.ItemSpec;
        if (!name.All(letter => letter < 128 && (char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.')) || name.StartsWith(".", StringComparison.Ordinal))
            return Wrong(item, Codes.BadModelName, $"the model name '{name}' is used for files: only letters a-z, digits, '_', '-' and '.' (not first) may stand in it.");
        if (!_names.Add(name))
            return Wrong(item, Codes.DuplicateModel, $"the model '{name}' is declared twice (upper and lower case count as the same); rename one.");
        _items[name] = item;

        var embedAs = OneOf(item, "EmbedAs", Embedded.Ways, Codes.UnknownEmbedAs);
        var array = OneOf(item, "CArray", Embedded.Arrays, Codes.UnknownCArray);
        var space = Either(item.GetMetadata("Namespace"), project.RootNamespace, "Sscma");
        var className = Either(item.GetMetadata("ClassName"), Embedded.ClassName(name));
        var named = embedAs != "CSharp" || (CheckName(item, "Namespace", space, dots: true) & CheckName(item, "ClassName", className, dots: false));
        if (!named || embedAs is null || array is null)
            return null;

        var resolved = new TaskItem(name);
        Set(resolved, "Project", item.GetMetadata("DefiningProjectFullPath") is { Length: > 0 } defining ? defining : project.Project);
        Set(resolved, "WorkFolder", Path.GetFullPath(Path.Combine(_projectFolder, project.WorkFolder, name)) + Path.DirectorySeparatorChar);
        Set(resolved, "EmbedAs", embedAs);
        Set(resolved, "CArray", array);
        Set(resolved, "VelaArgs", item.GetMetadata("VelaArgs").Trim());
        Set(resolved, "Namespace", space);
        Set(resolved, "ClassName", className);
        return project.NamesOnly || AddInputs(item, resolved) ? resolved : null;
    }

    /// <summary>Two classes of one name would not compile, and the compiler's message would not say why.</summary>
    public void CheckClassNames(IEnumerable<ResolvedModel> models)
    {
        foreach (var same in models.Where(model => model["EmbedAs"] == "CSharp").GroupBy(model => $"{model["Namespace"]}.{model["ClassName"]}", StringComparer.OrdinalIgnoreCase))
        {
            foreach (var model in same.Skip(1))
                Wrong(_items[model.Name], Codes.BadAccessorName, $"the models '{same.First().Name}' and '{model.Name}' would both generate the class {same.Key}; give one another ClassName.");
        }

        foreach (var same in models.Where(model => model["EmbedAs"] == "C").GroupBy(model => Embedded.Symbol(model.Name), StringComparer.OrdinalIgnoreCase))
        {
            foreach (var model in same.Skip(1))
                Wrong(_items[model.Name], Codes.BadAccessorName, $"the models '{same.First().Name}' and '{model.Name}' would both have the C names {same.Key}_…; rename one.");
        }
    }

    /// <summary>What the stages read. False when something about it was reported.</summary>
    private bool AddInputs(ITaskItem item, TaskItem resolved)
    {
        report.UnknownMetadata(item, ItemType, ModelMetadata.Names);
        var chosen = new ModelDatasets(datasets, report);
        var right = chosen.Find(item) & CheckNumbers(item) & FindConfig(item, out var config) & FindStart(item, resolved) & FindPretrained(item, out var pretrained);
        if (!right || !chosen.IsComplete || !chosen.CheckGateSplit(item))
            return false;

        foreach (var metadata in ModelMetadata.Training.Concat(ModelMetadata.Others))
            Set(resolved, metadata.Name, metadata.Canonical(item.GetMetadata(metadata.Name).Trim()));
        var options = item.GetMetadata("CfgOptions").Split(';').Select(option => option.Trim()).Where(option => option.Length > 0);
        Set(resolved, "CfgOptions", string.Join(";", options));
        Set(resolved, "Formats", ExportFormats.Text(ExportFormats.Parse(item.GetMetadata("Formats"))));
        Set(resolved, "Pretrained", pretrained);
        chosen.WriteTo(resolved);
        Set(resolved, "ConfigFile", config);
        Set(resolved, "ConfigFolder", Path.GetFullPath(project.ConfigFolder));
        Set(resolved, "Device", project.Device);
        Set(resolved, "Threads", project.Threads);
        foreach (var (metadata, replacement) in Thresholds)
            Set(resolved, metadata, Either(replacement, item.GetMetadata(metadata)));
        foreach (var name in new[] { "Train", "Export", "Evaluate", "Embed" })
        {
            var stage = Stage.Of(name.ToLowerInvariant(), new ResolvedModel(resolved));
            Set(resolved, $"{name}Key", stage.KeyFile);
            Set(resolved, $"{name}Stamp", stage.StampFile);
        }

        return true;
    }

    /// <summary>What the model starts with, if not with a training.</summary>
    private bool FindStart(ITaskItem item, TaskItem resolved)
    {
        var given = new[] { "Onnx", "Weights", "Pretrained" }.Where(name => item.GetMetadata(name).Trim().Length > 0).ToList();
        if (given.Count > 1)
        {
            Wrong(
                item,
                Codes.TwoStarts,
                $"the model '{item.ItemSpec}' has {string.Join(" and ", given)}; it starts with one file. Onnx and Weights are used as they are, Pretrained is where a training begins: keep one.",
                given[1]);
            return false;
        }

        foreach (var name in given.Where(name => name != "Pretrained"))
        {
            var file = DatasetItems.Absolute(_projectFolder, item.GetMetadata(name).Trim());
            if (!File.Exists(file))
            {
                Wrong(item, Codes.StartFileMissing, $"{name} of the model '{item.ItemSpec}': the file '{file}' does not exist; it is relative to the project's folder '{_projectFolder}'.", name);
                return false;
            }

            Set(resolved, name, file);
        }

        return given.Contains("Onnx") || HasNoInputForm(item);
    }

    /// <summary>What is expected of a pixel can be said of a given file only.</summary>
    private bool HasNoInputForm(ITaskItem item)
    {
        if (new[] { "InputMean", "InputStd", "InputChannels" }.FirstOrDefault(name => item.GetMetadata(name).Trim().Length > 0) is not { } said)
            return true;
        Wrong(
            item,
            Codes.InputFormWithoutOnnx,
            $"the model '{item.ItemSpec}' has {said}, which says what the file of Onnx expects of a pixel, and has no Onnx. Remove it; a network that is trained here takes RGB, pixel / 255.",
            said);
        return false;
    }

    private bool CheckNumbers(ITaskItem item)
    {
        var right = true;
        foreach (var metadata in ModelMetadata.Training.Concat(ModelMetadata.Others))
        {
            if (metadata.Fault(item.GetMetadata(metadata.Name).Trim()) is not { } fault)
                continue;
            Wrong(item, metadata.Code, $"the model '{item.ItemSpec}': {fault}.", metadata.Name);
            right = false;
        }

        right &= !right || (CheckRuntime(item) && CheckFormats(item));
        foreach (var (metadata, replacement) in Thresholds)
            right &= CheckThreshold(item, metadata, replacement);
        return right;
    }

    private bool CheckRuntime(ITaskItem item)
    {
        var precision = item.GetMetadata("Precision").Trim();
        if (precision.Length == 0 || string.Equals(precision, "int8", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!IsForDevice(item))
            return true;
        Wrong(
            item,
            Codes.PrecisionNotForTarget,
            $"the model '{item.ItemSpec}' has the precision {precision}, but the firmware of its TargetRuntime {ModelMetadata.SscmaMicro} runs int8 files only. Set Precision=\"int8\", or TargetRuntime=\"generic\" for a file that another runtime runs.",
            "Precision");
        return false;
    }

    private static bool IsForDevice(ITaskItem item) =>
        item.GetMetadata("TargetRuntime").Trim() is var runtime && (runtime.Length == 0 || string.Equals(runtime, ModelMetadata.SscmaMicro, StringComparison.OrdinalIgnoreCase));

    private bool CheckFormats(ITaskItem item)
    {
        var written = item.GetMetadata("Formats").Trim();
        var formats = ExportFormats.Parse(written);
        var precision = item.GetMetadata("Precision").Trim().ToLowerInvariant();
        var (code, fault) = formats.FirstOrDefault(format => !ExportFormats.Known.Contains(format)) is { } unknown
            ? (Codes.UnknownExportChoice, $"Formats is '{written}'; '{unknown}' is none of {string.Join(", ", ExportFormats.Known)}. Several are separated by semicolons")
            : !formats.Contains(ExportFormats.Tflite)
            ? (Codes.FormatsWithoutTflite, $"Formats is '{written}', which leaves out {ExportFormats.Tflite}; the .tflite file is what is scored, embedded and shipped, ONNX files are written besides. Set Formats=\"{ExportFormats.Tflite};{written}\"")
            : formats.Contains(ExportFormats.OnnxQdq) && precision is "float16" or "float32"
            ? (Codes.QdqNeedsCodes, $"Formats asks for {ExportFormats.OnnxQdq}, the codes of an integer file, and Precision is {precision}. Set Precision=\"int8\", or leave {ExportFormats.OnnxQdq} out; {ExportFormats.Onnx} is the float network")
            : ("", "");
        if (code.Length == 0)
            return true;
        Wrong(item, code, $"the model '{item.ItemSpec}': {fault}.", "Formats");
        return false;
    }

    private bool CheckThreshold(ITaskItem item, string metadata, string replacement)
    {
        var value = Either(replacement, item.GetMetadata(metadata));
        if (value.Length == 0)
            return true;
        var source = replacement.Trim().Length > 0 ? $"the property Sscma{metadata}" : metadata;
        if (metadata.StartsWith("MinDevice", StringComparison.Ordinal) && !IsForDevice(item))
        {
            Wrong(
                item,
                Codes.NoDeviceView,
                $"the model '{item.ItemSpec}': {source} is '{value}', but its TargetRuntime is {item.GetMetadata("TargetRuntime").Trim().ToLowerInvariant()}, so it is not scored as a device sees it. Leave {metadata} out, or set TargetRuntime=\"{ModelMetadata.SscmaMicro}\" for an int8 file.",
                metadata);
            return false;
        }

        if (Threshold.Parse(value) is not null)
            return true;
        Wrong(item, Codes.BadThreshold, $"the model '{item.ItemSpec}': {source} is '{value}', expected a number from 0 to 1 with a decimal point, such as 0.5.", metadata);
        return false;
    }

    private bool FindConfig(ITaskItem item, out string config)
    {
        var written = item.GetMetadata("Config");
        config = Path.GetFullPath(Path.Combine(project.ConfigFolder, written + ".yaml"));
        if (written.IndexOfAny(new[] { '/', '\\' }) < 0 && File.Exists(config))
            return true;
        config = Path.GetFullPath(Path.Combine(_projectFolder, written));
        if (written.Length > 0 && Path.GetExtension(config) is ".yaml" or ".yml" && File.Exists(config))
            return true;

        var names = Directory.Exists(project.ConfigFolder)
            ? Directory.EnumerateFiles(project.ConfigFolder, "*.yaml").Select(Path.GetFileNameWithoutExtension).OrderBy(name => name, StringComparer.Ordinal).ToList()
            : new List<string>();
        Wrong(
            item,
            Codes.UnknownConfig,
            $"the model '{item.ItemSpec}': there is no configuration '{written}'.{NearestName.Question(written, names)} Use one of {string.Join(", ", names)}, or the path of a .yaml file relative to the project.",
            "Config");
        return false;
    }

    /// <summary>The value of a metadata that has a few, in its own letters, or null when it was reported.</summary>
    private string? OneOf(ITaskItem item, string metadata, IReadOnlyList<string> values, string code)
    {
        var written = item.GetMetadata(metadata);
        var value = values.FirstOrDefault(known => string.Equals(known, written, StringComparison.OrdinalIgnoreCase));
        if (value is null)
            Wrong(item, code, $"{metadata} of the model '{item.ItemSpec}' is '{written}'; it is one of {string.Join(", ", values)}.", metadata);
        return value;
    }

    private bool FindPretrained(ITaskItem item, out string pretrained)
    {
        if (PretrainedWeights.Find(item.GetMetadata("Pretrained").Trim(), item.GetMetadata("PretrainedSha256").Trim(), _projectFolder, out pretrained) is not { } wrong)
            return true;
        Wrong(item, wrong.Code, $"the model '{item.ItemSpec}': {wrong.Fault}.", wrong.Metadata);
        return false;
    }

    private bool CheckName(ITaskItem item, string metadata, string value, bool dots)
    {
        if (Embedded.IsName(value, dots))
            return true;
        Wrong(item, Codes.BadAccessorName, $"the model '{item.ItemSpec}': {metadata} would be '{value}', which is no C# name; set {metadata}.", metadata);
        return false;
    }

    private static void Set(ITaskItem2 item, string metadata, string value) => item.SetMetadataValueLiteral(metadata, value);

    private TaskItem? Wrong(ITaskItem item, string code, string message, string? metadata = null)
    {
        report.Error(code, message, item, ItemType, metadata);
        return null;
    }

    private static string Either(params string[] values) => values.FirstOrDefault(value => value.Trim().Length > 0)?.Trim() ?? "";
}
