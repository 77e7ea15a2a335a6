using System.Collections.Generic;
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

    /// <summary>The training split.</summary>
    public IReadOnlyList<DatasetPart> Train => DatasetPart.Parse(this["TrainParts"]);

    /// <summary>The validation split.</summary>
    public IReadOnlyList<DatasetPart> Val => DatasetPart.Parse(this["ValParts"]);

    /// <summary>The test split; empty when there is none.</summary>
    public IReadOnlyList<DatasetPart> Test => DatasetPart.Parse(this["TestParts"]);

    /// <summary>Whether a training makes the model: it has neither Onnx nor Weights.</summary>
    public bool IsTrained => this["Onnx"].Length == 0 && this["Weights"].Length == 0;

    /// <summary>The project file that declares the model.</summary>
    public string Project => this["Project"];

    /// <summary>Where the exported model lies, relative to the work folder.</summary>
    public string Tflite => $"{Name}.tflite";

    /// <summary>A metadata value, or an empty text.</summary>
    public string this[string metadata] => item.GetMetadata(metadata);

    /// <summary>A file in the work folder.</summary>
    public string PathOf(string relative) => Path.Combine(WorkFolder, relative.Replace('/', Path.DirectorySeparatorChar));
}
