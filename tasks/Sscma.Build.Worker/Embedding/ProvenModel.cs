using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Tflite;

namespace Sscma.Build.Worker.Embedding;

/// <summary>A model that passed its gate, with what the generated files say about it: a <see cref="ProvenDetector"/>, or another network, which was not scored.</summary>
/// <param name="Name">The model's name in the project.</param>
/// <param name="Bytes">The .tflite file.</param>
/// <param name="Sha256">Its digest.</param>
/// <param name="Model">The same file, read.</param>
/// <param name="Labels">Names of the classes, from inside the file.</param>
internal record ProvenModel(string Name, byte[] Bytes, string Sha256, TfliteModel Model, IReadOnlyList<string> Labels)
{
    /// <summary>Reads the model and its metrics.</summary>
    /// <exception cref="DiagnosticException">SSCMA5004: the file does not say what it detects; SSCMA4004, SSCMA4005: the metrics are not this file's.</exception>
    public static ProvenModel Read(string name, string tflitePath, string metricsPath)
    {
        var bytes = File.ReadAllBytes(tflitePath);
        var digest = Digest.OfBytes(bytes);
        var model = TfliteFile.Read(bytes);
        var (facts, network) = (SscmaMetadata.Read(model), NetworkMetadata.Read(model));
        if (facts is null && network is null)
            throw new DiagnosticException(Codes.ModelWithoutFacts, $"the file carries no '{SscmaMetadata.EntryName}' entry, so its labels and image size are unknown. Export it with the target SscmaExport.", tflitePath);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(metricsPath));
            var root = document.RootElement;
            if (root.GetProperty("tflite").GetProperty("sha256").GetString() != digest)
                throw new DiagnosticException(Codes.MetricsOfAnotherFile, $"the metrics belong to another file than '{tflitePath}'. Run the target SscmaClean and build again.", metricsPath);
            return facts is null ? new ProvenModel(name, bytes, digest, model, network!.Labels) : ProvenDetector.Of(name, bytes, digest, model, facts, root);
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DiagnosticException(
                Diagnostic.Error(Codes.MetricsUnreadable, $"the metrics cannot be read: {broken.Message} Build again with the target SscmaEvaluate.", metricsPath), broken);
        }
    }
}
