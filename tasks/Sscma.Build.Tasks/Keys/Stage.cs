using System;
using System.Collections.Generic;
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
        "train" => "training",
        "export" => "exporting",
        "evaluate" => "evaluating",
        "vela" => "running Vela",
        _ => "embedding",
    };

    /// <summary>The worker's assemblies whose code computes the result.</summary>
    public IReadOnlyList<string> Assemblies { get; }

    /// <summary>Options that decide the result.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings => _settings;

    /// <summary>Options that only say where things are.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Places => _places;

    /// <summary>Files whose content decides the result.</summary>
    public IReadOnlyList<Source> Sources => _sources;

    /// <summary>The files that the stage leaves, relative to the work folder.</summary>
    public IReadOnlyList<string> Outputs { get; private set; } = Array.Empty<string>();

    /// <summary>What it tells about them, relative to the work folder: kept with the outputs, but no input of anything.</summary>
    public IReadOnlyList<string> Records { get; private set; } = Array.Empty<string>();

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

    private static Stage Train(ResolvedModel model)
    {
        var stage = new Stage("train", model, "Sscma.Training", "Sscma.Coco", "Sscma.Onnx", "TorchSharp", "SkiaSharp")
        {
            Outputs = new[] { "weights.safetensors", "model.onnx" },
            Records = new[] { "config.effective.yaml", "training.json", "train.log" },
            Downstream = new[] { model.Tflite, "metrics.json" },
        };
        foreach (var setting in ModelMetadata.Training)
            stage.Set(setting.Option, model[setting.Name]);
        stage.Set("device", model["Device"].Length == 0 ? "cpu" : model["Device"].ToLowerInvariant());
        stage.Set("threads", model["Threads"]);
        stage.File("config", model["ConfigFile"]);
        foreach (var inherited in ConfigChain.Of(model["ConfigFile"], model["ConfigFolder"]).Skip(1))
            stage._sources.Add(new Source(ConfigChain.Prefix + Path.GetFileName(inherited), inherited, null));
        stage.Place("configFolder", model["ConfigFolder"]);
        stage.Set("pretrainedSha256", model["PretrainedSha256"].ToLowerInvariant());
        if (PretrainedWeights.IsUrl(model["Pretrained"]))
            stage.Place("pretrained", model["Pretrained"]);
        else if (model["Pretrained"].Length > 0)
            stage.File("pretrained", model["Pretrained"]);
        stage.Place("acceptedWeights", Accepted.WeightsFile(model));
        stage.Place("dataRoot", model["DataRoot"]);
        stage.Split("train", model.TrainAnnotations, model.TrainImages);
        stage.Split("val", model.ValAnnotations, model.ValImages);
        return stage;
    }

    private static Stage Export(ResolvedModel model)
    {
        var stage = new Stage("export", model, "Sscma.Quantization", "Sscma.Tflite", "Sscma.Coco", "Sscma.Onnx", "Microsoft.ML.OnnxRuntime", "SkiaSharp")
        {
            Outputs = new[] { model.Tflite },
            Records = new[] { "export.json" },
            Downstream = new[] { "metrics.json" },
        };
        stage.Set("calibrationImages", model["CalibrationImages"]);
        stage.Set("seed", model["Seed"]);
        stage.File("onnx", model.PathOf("model.onnx"));
        stage.Place("tflite", model.PathOf(model.Tflite));
        stage.Place("dataRoot", model["DataRoot"]);
        stage.Split("train", model.TrainAnnotations, model.TrainImages);
        return stage;
    }

    private static Stage Evaluate(ResolvedModel model)
    {
        var stage = new Stage("evaluate", model, "Sscma.Tflite", "Sscma.Coco", "SkiaSharp")
        {
            Outputs = new[] { "metrics.json" },
            Records = new[] { "evaluation.txt" },
        };
        stage.File("tflite", model.PathOf(model.Tflite));
        stage.Place("metrics", model.PathOf("metrics.json"));
        stage.Place("report", model.PathOf("evaluation.txt"));
        stage.Place("training", model.PathOf("training.json"));
        stage.Place("dataRoot", model["DataRoot"]);
        stage.Split("val", model.ValAnnotations, model.ValImages);
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

    private void Split(string split, string annotations, string images)
    {
        _places.Add(Pair($"{split}Annotations", annotations));
        _places.Add(Pair($"{split}Images", images));
        _sources.Add(new Source($"{split}Annotations", annotations, null));
        _sources.Add(new Source($"{split}Images", annotations, images));
    }

    private static KeyValuePair<string, string> Pair(string key, string value) => new(key, value);
}
