using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Sscma.Build.Tasks.Gate;
using Sscma.Build.Tasks.Models;

namespace Sscma.Build.Tasks.Keys;

/// <summary>
/// One arrow of the pipeline for one model: what decides its result, what else the worker must know, and what it leaves behind.
/// Keys and option files are both made from this, so that an option cannot reach the worker and be forgotten in the key.
/// </summary>
internal sealed class Stage
{
    /// <summary>The setting that says which files are left, and nothing about what is in them.</summary>
    public const string Formats = "formats";

    /// <summary>The setting that says how pictures come to the input where neither the item nor the user's configuration does.</summary>
    public const string UsualResize = "usualResize";

    private static readonly string[] Common = { "Sscma.Build.Worker", "Sscma.Core" };

    private readonly List<KeyValuePair<string, string>> _settings = new();
    private readonly List<KeyValuePair<string, string>> _places = new();
    private readonly List<Source> _sources = new();

    private Stage(string name, ResolvedModel model, params string[] assemblies)
    {
        Name = name;
        Model = model;
        Assemblies = Common.Concat(assemblies).ToList();
        _places.Add(Pair("model", model.Name));
        _places.Add(Pair("project", model.Project));
        _places.Add(Pair("workFolder", model.WorkFolder));
    }

    /// <summary>The worker's verb: train, export, evaluate, embed or vela.</summary>
    public string Name { get; }

    /// <summary>The model.</summary>
    public ResolvedModel Model { get; }

    /// <summary>What the stage is doing when it runs, for messages.</summary>
    public string Doing => Name switch
    {
        "train" => Model.IsTrained ? "training" : "preparing",
        "export" => "exporting",
        "evaluate" => "evaluating",
        "vela" => "running Vela",
        _ => "embedding",
    };

    /// <summary>The worker's assemblies whose code computes the result.</summary>
    public IReadOnlyList<string> Assemblies { get; }

    /// <summary>Options that decide the result.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings => _settings;

    /// <summary>Options that do not decide the result: where things are, and how the work is shared out.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Places => _places;

    /// <summary>Files whose content decides the result.</summary>
    public IReadOnlyList<Source> Sources => _sources;

    /// <summary>The files that the stage leaves, relative to the work folder.</summary>
    public IReadOnlyList<string> Outputs { get; private set; } = Array.Empty<string>();

    /// <summary>What it tells about them, relative to the work folder: kept with the outputs, but no input of anything.</summary>
    public IReadOnlyList<string> Records { get; private set; } = Array.Empty<string>();

    /// <summary>Files that the stage leaves when other options ask for them; without these they are removed.</summary>
    public IReadOnlyList<string> Leftovers { get; private set; } = Array.Empty<string>();

    /// <summary>What later stages made of the outputs: worthless when this stage fails.</summary>
    public IReadOnlyList<string> Downstream { get; private set; } = Array.Empty<string>();

    /// <summary>The file that holds the key.</summary>
    public string KeyFile => Model.PathOf($"{Name}.key");

    /// <summary>The file that says under which key the outputs were made.</summary>
    public string StampFile => Model.PathOf($"{Name}.stamp");

    /// <summary>The stage with this name.</summary>
    public static Stage Of(string name, ResolvedModel model) => name switch
    {
        "train" => Train(model),
        "export" => Export(model),
        "evaluate" => Evaluate(model),
        "embed" => Embed(model),
        "vela" => Vela(model),
        _ => throw new ArgumentException($"there is no stage '{name}'", nameof(name)),
    };

    private static Stage Train(ResolvedModel model) => model["Onnx"].Length > 0 ? TakeOnnx(model) : model["Weights"].Length > 0 ? TakeWeights(model) : TrainAnew(model);

    private static Stage TakeOnnx(ResolvedModel model)
    {
        var stage = new Stage("train", model, "Sscma.Onnx", "Sscma.Quantization") { Outputs = new[] { "model.onnx" }, Downstream = Exported(model).Concat(new[] { "metrics.json" }).ToList() };
        stage.Set("targetRuntime", model["TargetRuntime"].ToLowerInvariant());
        stage.File("startOnnx", model["Onnx"]);
        return stage;
    }

    private static Stage TakeWeights(ResolvedModel model)
    {
        var stage = new Stage("train", model, "Sscma.Training", "Sscma.Coco", "Sscma.Onnx", "TorchSharp")
        {
            Outputs = new[] { "weights.safetensors", "model.onnx", "config.effective.yaml" },
            Downstream = Exported(model).Concat(new[] { "metrics.json" }).ToList(),
        };
        stage.Set("imageSize", model["ImageSize"]);
        stage.Set("resize", model["Resize"]);
        stage.Set(UsualResize, UsualResizeOf(model));
        stage.Set("cfgOptions", model["CfgOptions"]);
        stage.Config();
        stage.File("startWeights", model["Weights"]);
        stage.Split("train", model.Train);
        return stage;
    }

    private static Stage TrainAnew(ResolvedModel model)
    {
        var stage = new Stage("train", model, "Sscma.Training", "Sscma.Coco", "Sscma.Onnx", "TorchSharp", "SkiaSharp")
        {
            Outputs = new[] { "weights.safetensors", "model.onnx", "config.effective.yaml" },
            Records = new[] { "training.json", "train.log", "train.jsonl", "train.html" },
            Downstream = Exported(model).Concat(new[] { "metrics.json" }).ToList(),
        };
        foreach (var setting in ModelMetadata.Training)
            stage.Set(setting.Option, model[setting.Name]);
        stage.Set(UsualResize, UsualResizeOf(model));
        stage.Set("device", model["Device"].Length == 0 ? "cpu" : model["Device"].ToLowerInvariant());
        stage.Set("threads", model["Threads"]);
        stage.Config();
        stage.Set("pretrainedSha256", model["PretrainedSha256"].ToLowerInvariant());
        if (PretrainedWeights.IsUrl(model["Pretrained"]))
            stage.Place("pretrained", model["Pretrained"]);
        else if (model["Pretrained"].Length > 0)
            stage.File("pretrained", model["Pretrained"]);
        stage.Place("acceptedWeights", Accepted.WeightsFile(model));
        stage.Place("loaderThreads", model["LoaderThreads"]);
        stage.Place("checkpointMinutes", model["CheckpointMinutes"]);
        stage.Place("dataRoot", model["DataRoot"]);
        stage.Split("train", model.Train);
        stage.Split("val", model.Val);
        return stage;
    }

    /// <summary>The firmware stretches, and scores best with a network that has learned stretched pictures: docs/firmware.md.</summary>
    private static string UsualResizeOf(ResolvedModel model) => model["Resize"].Length == 0 && model["TargetRuntime"] is "" or ModelMetadata.SscmaMicro ? "Stretch" : "";

    private static Stage Export(ResolvedModel model)
    {
        var stage = new Stage("export", model, "Sscma.Quantization", "Sscma.Tflite", "Sscma.Coco", "Sscma.Onnx", "Microsoft.ML.OnnxRuntime", "SkiaSharp")
        {
            Outputs = Exported(model),
            Records = new[] { "export.json" },
            Downstream = new[] { "metrics.json" },
            Leftovers = ExportFormats.Possible(model).Select(file => file.Value).Except(Exported(model)).ToList(),
        };
        stage.Set(Formats, model["Formats"]);
        foreach (var name in new[] { "CalibrationImages", "Precision", "Calibration", "Equalize", "BiasCorrection" })
            stage.Set(char.ToLowerInvariant(name[0]) + name.Substring(1), model[name].ToLowerInvariant());
        stage.Set("seed", model["Seed"]);
        stage.File("onnx", model.PathOf("model.onnx"));
        if (model["Onnx"].Length > 0)
        {
            stage.Set("targetRuntime", model["TargetRuntime"].ToLowerInvariant());
            stage.Set("resize", model["Resize"]);
            stage.Set("inputMean", model["InputMean"]);
            stage.Set("inputStd", model["InputStd"]);
            stage.Set("inputChannels", model["InputChannels"]);
        }
        else
        {
            // What is trained here is a detector for every runtime, and its file says how it was shown its pictures.
            stage.File("effectiveConfig", model.PathOf("config.effective.yaml"));
        }

        stage.Place("tflite", model.PathOf(model.Tflite));
        foreach (var file in ExportFormats.OnnxFiles(model))
            stage.Place(file.Key == ExportFormats.Onnx ? "floatOnnx" : "qdqOnnx", model.PathOf(file.Value));
        stage.Place("dataRoot", model["DataRoot"]);
        stage.Split("train", model.Train);
        return stage;
    }

    private static IReadOnlyList<string> Exported(ResolvedModel model) => new[] { model.Tflite }.Concat(ExportFormats.OnnxFiles(model).Select(file => file.Value)).ToList();

    private static Stage Evaluate(ResolvedModel model)
    {
        var stage = new Stage("evaluate", model, "Sscma.Tflite", "Sscma.Coco", "SkiaSharp")
        {
            Outputs = new[] { "metrics.json" },
            Records = new[] { "evaluation.txt" },
        };
        stage.Set("targetRuntime", model["TargetRuntime"].ToLowerInvariant());
        stage.File("tflite", model.PathOf(model.Tflite));
        stage.Place("metrics", model.PathOf("metrics.json"));
        stage.Place("report", model.PathOf("evaluation.txt"));
        stage.Place("training", model.PathOf("training.json"));
        stage.Place("export", model.PathOf("export.json"));
        stage.Place("dataRoot", model["DataRoot"]);
        stage.Split("val", model.Val);
        stage.Split("test", model.Test);
        return stage;
    }

    private static Stage Embed(ResolvedModel model)
    {
        var stage = new Stage("embed", model, "Sscma.Tflite") { Outputs = Embedded.Outputs(model) };
        stage.Set("embedAs", model["EmbedAs"]);
        if (model["EmbedAs"] == "CSharp")
        {
            stage.Set("namespace", model["Namespace"]);
            stage.Set("className", model["ClassName"]);
        }

        if (model["EmbedAs"] == "C")
            stage.Set("cArray", model["CArray"]);
        stage.File("tflite", model.PathOf(model.Tflite));
        stage.File("metrics", model.PathOf("metrics.json"));
        // What the provenance is made of: under which keys the stages were done, with which results.
        foreach (var name in new[] { "train", "export", "evaluate" })
            stage.File(name, model.PathOf($"{name}.stamp"));
        stage.Place("lists", model.PathOf("../lists"));
        stage.Place("outputFolder", model.PathOf(Embedded.Folder));
        return stage;
    }

    private static Stage Vela(ResolvedModel model)
    {
        var stage = new Stage("vela", model, "Sscma.Tflite") { Outputs = Embedded.VelaFiles(model) };
        stage.Set("embedAs", model["EmbedAs"]);
        if (model["EmbedAs"] == "C")
            stage.Set("cArray", model["CArray"]);
        stage.Set("velaArgs", model["VelaArgs"]);
        stage.Set("velaVersion", model["VelaVersion"]);
        stage.File("tflite", model.PathOf(Embedded.Proven(model)));
        stage.File("metrics", model.PathOf("metrics.json"));
        stage.Place("velaProgram", model["VelaProgram"]);
        stage.Place("outputFolder", model.PathOf(Embedded.VelaFolder));
        return stage;
    }

    private void Set(string option, string value) => _settings.Add(Pair(option, value));

    private void Place(string option, string path) => _places.Add(Pair(option, path));

    private void File(string option, string path)
    {
        _places.Add(Pair(option, path));
        _sources.Add(new Source(option, path, null));
    }

    private void Config()
    {
        File("config", Model["ConfigFile"]);
        foreach (var inherited in ConfigChain.Of(Model["ConfigFile"], Model["ConfigFolder"]).Skip(1))
            _sources.Add(new Source(ConfigChain.Prefix + Path.GetFileName(inherited), inherited, null));
        Place("configFolder", Model["ConfigFolder"]);
    }

    /// <summary>One COCO file as it stands has two options; every other split tells part by part. The worker has the other half of this: SplitOptions.</summary>
    private void Split(string split, IReadOnlyList<DatasetPart> parts)
    {
        if (parts.Count == 0)
            return;
        if (parts.Count == 1 && parts[0].IsPlain)
        {
            var only = parts[0];
            _places.Add(Pair($"{split}Annotations", only.Annotations));
            _places.Add(Pair($"{split}Images", only.Images));
            _sources.Add(new Source($"{split}Annotations", only.Annotations, null));
            _sources.Add(new Source($"{split}Images", only.Annotations, only.Images));
            return;
        }

        Set($"{split}.count", parts.Count.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < parts.Count; i++)
        {
            var (part, name) = (parts[i], $"{split}.{i.ToString(CultureInfo.InvariantCulture)}");
            _settings.AddRange(part.Settings.Select(field => Pair($"{name}.{field.Key}", field.Value)));
            _places.AddRange(part.Places.Select(field => Pair($"{name}.{field.Key}", field.Value)));
            if (System.IO.File.Exists(part.Annotations))
                _sources.Add(new Source($"{name}.annotations", part.Annotations, null));
            _sources.Add(part.Format == "coco"
                ? new Source($"{name}.images", part.Annotations, part.Images)
                : new Source($"{name}.images", $"{part.Annotations} {part.Images}", null, () => SplitFiles.Of(part)));
        }
    }

    private static KeyValuePair<string, string> Pair(string key, string value) => new(key, value);
}
