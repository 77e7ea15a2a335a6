using System.Collections.Generic;
using System.Linq;
using Microsoft.Build.Framework;
using Sscma.Build.Tasks.Models;

namespace Sscma.Build.Tasks;

/// <summary>
/// Checks the items SscmaDataset and SscmaModel and makes of each model one item with everything that the stages need, absolute and complete.
/// Every mistake is reported with its place in the project file, all of them at once.
/// </summary>
public sealed class ResolveModels : FileTask
{
    /// <summary>The SscmaDataset items.</summary>
    public ITaskItem[] Datasets { get; set; } = [];

    /// <summary>The SscmaModel items.</summary>
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>The project file.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>The folder that holds one folder per model; relative to the project.</summary>
    [Required]
    public string WorkFolder { get; set; } = "";

    /// <summary>The configurations that ship.</summary>
    [Required]
    public string ConfigFolder { get; set; } = "";

    /// <summary>The namespace of a model's class when the model names none.</summary>
    public string RootNamespace { get; set; } = "";

    /// <summary>Where the training runs; empty means the worker's choice.</summary>
    public string Device { get; set; } = "";

    /// <summary>How many threads compute; empty means the worker's choice.</summary>
    public string Threads { get; set; } = "";

    /// <summary>How many threads prepare images; empty means the worker's choice.</summary>
    public string LoaderThreads { get; set; } = "";

    /// <summary>How many minutes of an epoch an interruption may cost; empty means 5.</summary>
    public string CheckpointMinutes { get; set; } = "";

    /// <summary>Replaces MinMap of every model when it is not empty.</summary>
    public string MinMap { get; set; } = "";

    /// <summary>Replaces MinMap50 of every model when it is not empty.</summary>
    public string MinMap50 { get; set; } = "";

    /// <summary>Replaces MinDeviceMap of every model when it is not empty.</summary>
    public string MinDeviceMap { get; set; } = "";

    /// <summary>Replaces MinDeviceMap50 of every model when it is not empty.</summary>
    public string MinDeviceMap50 { get; set; } = "";

    /// <summary>Off, Read or ReadWrite; empty means ReadWrite.</summary>
    public string Cache { get; set; } = "";

    /// <summary>The folder of the artifact cache, relative to the project; empty means that there is none.</summary>
    public string CacheDir { get; set; } = "";

    /// <summary>How much the artifact cache may hold: bytes, or a number with KB, MB, GB, TB; empty means 10GB.</summary>
    public string CacheSize { get; set; } = "";

    /// <summary>IfChanged, IfMissing or Never; empty means IfChanged.</summary>
    public string Train { get; set; } = "";

    /// <summary>
    /// Looks at names only, not at datasets, configurations and numbers: enough to find what is already there, on a machine without the data.
    /// </summary>
    public bool NamesOnly { get; set; }

    /// <summary>
    /// The models, one item each. Metadata for the targets: <c>WorkFolder</c>, and <c>TrainKey</c>, <c>TrainStamp</c>, <c>ExportKey</c>, <c>ExportStamp</c>,
    /// <c>EvaluateKey</c>, <c>EvaluateStamp</c>, <c>EmbedKey</c>, <c>EmbedStamp</c>. The rest is read by the tasks.
    /// </summary>
    [Output]
    public ITaskItem[] Resolved { get; private set; } = [];

    /// <inheritdoc/>
    private protected override bool Run()
    {
        if (BuildOptions.Read(this, Log) is not { } options)
            return false;
        var report = new ItemReport(Log, Project);
        var datasets = new DatasetItems(NamesOnly ? [] : Datasets, Project, report);
        var models = new ModelItems(datasets, report, this);
        var resolved = new List<ITaskItem>();
        foreach (var model in Models)
        {
            if (models.Resolve(model) is not { } item)
                continue;
            options.WriteTo(item);
            resolved.Add(item);
        }

        models.CheckClassNames(resolved.Select(item => new ResolvedModel(item)));
        Resolved = resolved.ToArray();
        return !Log.HasLoggedErrors;
    }
}
