using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Sscma.Build.Tasks.Files;
using Sscma.Build.Tasks.Models;

namespace Sscma.Build.Tasks;

/// <summary>
/// Copies what was generated for each model into a folder of another build system, one folder per model. A file that already has the same bytes is not
/// touched, so that nothing is compiled again because of it.
/// </summary>
public sealed class CopyGenerated : FileTask
{
    /// <summary>The models of <see cref="ResolveModels"/>.</summary>
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>Where the folders of the models go.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Not empty when this build ran Vela too.</summary>
    public string Vela { get; set; } = "";

    /// <inheritdoc/>
    private protected override bool Run()
    {
        foreach (var model in Models.Select(item => new ResolvedModel(item)))
        {
            var onnx = ExportFormats.OnnxFiles(model).Select(file => file.Value);
            var files = Embedded.Files(model).Concat(onnx).Concat(Vela.Length > 0 ? Embedded.VelaFiles(model) : []).Select(model.PathOf).Where(File.Exists).ToList();
            foreach (var file in files)
            {
                var copy = Copy(model, file);
                if (BinaryFile.CopyIfDifferent(file, copy))
                    Log.LogMessage(MessageImportance.Normal, "{0}: {1}", model.Name, copy);
            }

            // What another EmbedAs, CArray or Formats left there would be compiled by a build that looks for files.
            foreach (var stale in Possible(model).Select(file => Copy(model, file)).Except(files.Select(file => Copy(model, file))))
                File.Delete(stale);
        }

        return !Log.HasLoggedErrors;
    }

    private static string[] Possible(ResolvedModel model) =>
        [.. ExportFormats.Possible(model).Select(file => file.Value), .. Embedded.CFiles(Embedded.Folder, model.Name, "Incbin"), $"{model.Name}_vela.tflite", .. Embedded.CFiles(Embedded.VelaFolder, $"{model.Name}_vela", "Incbin")];

    private string Copy(ResolvedModel model, string file) => Path.Combine(Folder, model.Name, Path.GetFileName(file));
}
