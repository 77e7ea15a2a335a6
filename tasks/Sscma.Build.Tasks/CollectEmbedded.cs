using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Sscma.Build.Stages;
using Sscma.Build.Tasks.Files;
using Sscma.Build.Tasks.Gate;
using Sscma.Build.Tasks.Models;
using Sscma.Build.Tasks.Reporting;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks;

/// <summary>
/// Finds what of the models may go into the assembly: only what the embed stage wrote, unchanged, from a file that passed its gate.
/// </summary>
public sealed class CollectEmbedded : FileTask
{
    /// <summary>The models of <see cref="ResolveModels"/>.</summary>
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>Remembered digests; see <see cref="PrepareStage.DigestCache"/>.</summary>
    [Required]
    public string DigestCache { get; set; } = "";

    /// <summary>For an editor's design-time build: the generated class is shown even before its model is proven again; nothing is shipped from it.</summary>
    public bool DesignTime { get; set; }

    /// <summary>The .tflite files, with <c>LogicalName</c>.</summary>
    [Output]
    public ITaskItem[] Resources { get; private set; } = [];

    /// <summary>The generated C# files.</summary>
    [Output]
    public ITaskItem[] Sources { get; private set; } = [];

    /// <summary>Every file of the embed stage, for FileWrites.</summary>
    [Output]
    public ITaskItem[] Files { get; private set; } = [];

    /// <inheritdoc/>
    private protected override bool Run()
    {
        var digests = Keys.BuildMemory.Of(BuildEngine, DigestCache).Digests;
        var resources = new List<ITaskItem>();
        var sources = new List<ITaskItem>();
        var files = new List<ITaskItem>();
        foreach (var model in Models.Select(item => new ResolvedModel(item)))
        {
            var outputs = Embedded.Files(model);
            var proven = IsProven(model, digests);
            if (!proven && !DesignTime)
            {
                Log.Warning(
                    Codes.NothingProven,
                    $"the model '{model.Name}' is not embedded: nothing that passed its gate is there, and SscmaEnabled=false forbids to make it. Build once without it.", model.Project);
                continue;
            }

            files.AddRange(outputs.Where(output => File.Exists(model.PathOf(output))).Select(output => Item(model.PathOf(output))));
            if (model["EmbedAs"] != "CSharp")
                continue;
            if (File.Exists(model.PathOf(Embedded.Accessor(model))))
                sources.Add(Item(model.PathOf(Embedded.Accessor(model))));
            if (proven)
            {
                var resource = Item(model.PathOf(Embedded.Proven(model)));
                resource.SetMetadata("LogicalName", model.Tflite);
                resources.Add(resource);
            }
        }

        digests.Save();
        (Resources, Sources, Files) = (resources.ToArray(), sources.ToArray(), files.ToArray());
        return !Log.HasLoggedErrors;
    }

    private static bool IsProven(ResolvedModel model, Keys.DigestCache digests) =>
        StageStamp.OutputsStand(TextFile.Read(model.PathOf("embed.stamp")), Embedded.Outputs(model), output => digests.Of(model.PathOf(output)))
        && Proof.Read(model) is { } passed && passed == digests.Of(model.PathOf(Embedded.Proven(model)));

    /// <summary>An item for a path, in which MSBuild must not see its own signs.</summary>
    private static TaskItem Item(string path)
    {
        var escaped = new StringBuilder();
        foreach (var letter in path)
        {
            if ("%*?@$();'".IndexOf(letter) >= 0)
                escaped.Append('%').Append(((int)letter).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
            else
                escaped.Append(letter);
        }

        return new TaskItem(escaped.ToString());
    }
}
