using System.IO;
using Microsoft.Build.Framework;

namespace Sscma.Build.Tasks.Models;

/// <summary>
/// A model as <see cref="ResolveModels"/> hands it to the stages: an item whose metadata are checked, complete and absolute.
/// This class names them; the targets name the few that they need.
/// </summary>
internal sealed class ResolvedModel(ITaskItem item)
{
    /// <summary>The model's name.</summary>
    public string Name => item.ItemSpec;

    /// <summary>The folder of everything that belongs to this model.</summary>
    public string WorkFolder => this["WorkFolder"];

    /// <summary>The training split's annotation file.</summary>
    public string TrainAnnotations => this["TrainAnnotations"];

    /// <summary>The training split's image folder.</summary>
    public string TrainImages => this["TrainImages"];

    /// <summary>The validation split's annotation file.</summary>
    public string ValAnnotations => this["ValAnnotations"];

    /// <summary>The validation split's image folder.</summary>
    public string ValImages => this["ValImages"];

    /// <summary>The project file that declares the model.</summary>
    public string Project => this["Project"];

    /// <summary>Where the exported model lies, relative to the work folder.</summary>
    public string Tflite => $"{Name}.tflite";

    /// <summary>A metadata value, or an empty text.</summary>
    public string this[string metadata] => item.GetMetadata(metadata);

    /// <summary>A file in the work folder.</summary>
    public string PathOf(string relative) => Path.Combine(WorkFolder, relative.Replace('/', Path.DirectorySeparatorChar));
}
