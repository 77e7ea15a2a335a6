using Sscma.Build.Worker.Embedding;
using Sscma.Build.Worker.Provenance;
using Sscma.Files;

namespace Sscma.Build.Worker.Verbs;

/// <summary>
/// <c>embed</c>: from a .tflite that passed its gate and its metrics to what goes into the product: a copy of the file,
/// and a C# class or files for C and C++; and the provenance of all that the stages have made.
/// </summary>
internal sealed class EmbedVerb : IVerb
{
    /// <inheritdoc/>
    public string Name => "embed";

    /// <inheritdoc/>
    public void Run(WorkerOptions options, WorkerContext context)
    {
        var folder = options.Required("outputFolder");
        var name = options.Required("model");
        var (tflite, metrics) = (options.Required("tflite"), options.Required("metrics"));
        var files = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal) { [$"{name}.tflite"] = ProvenModel.BytesOf(tflite, metrics) };
        switch (options.Required("embedAs"))
        {
            case "CSharp":
                var className = options.Required("className");
                files[$"{className}.g.cs"] = Utf8(CSharpAccessor.Text(ProvenModel.Read(name, tflite, metrics), options.Required("namespace"), className));
                break;
            case "C":
                foreach (var (file, content) in CFiles.Of(ProvenModel.Read(name, tflite, metrics), incbin: options.Required("cArray") == "Incbin"))
                    files[file] = content;
                break;
        }

        OutputFolder.Replace(folder, files);
        var workFolder = options.Required("workFolder");
        var embedded = files.Keys.Select(file => Path.GetRelativePath(workFolder, Path.Combine(folder, file)).Replace('\\', '/')).ToList();
        AtomicFile.WriteAllBytes(Path.Combine(workFolder, ProvenanceStatement.FileName), new ProvenanceStatement(options, embedded).ToJson());
        context.Console.WriteLine($"{name}: {string.Join(", ", files.Keys)} in '{folder}'");
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
