using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Tflite;

namespace Sscma.Build.Worker.Embedding;

/// <summary>A model that passed its gate, with what the generated files say about it: a <see cref="ProvenDetector"/>, or a plain network, which was not scored.</summary>
/// <param name="Name">The model's name in the project.</param>
/// <param name="Bytes">The .tflite file.</param>
/// <param name="Sha256">Its digest.</param>
/// <param name="Model">The same file, read.</param>
/// <param name="Labels">Names of the classes, from inside the file; none where a plain network's ONNX file gives none.</param>
/// <param name="Input">How its input is fed, from inside the file.</param>
internal record ProvenModel(string Name, byte[] Bytes, string Sha256, TfliteModel Model, IReadOnlyList<string> Labels, InputFacts Input)
{
    /// <summary>Reads the model and its metrics.</summary>
    /// <exception cref="DiagnosticException">SSCMA5004: the file does not say what it detects; SSCMA4004, SSCMA4005: the metrics are not this file's.</exception>
    public static ProvenModel Read(string name, string tflitePath, string metricsPath)
    {
        var bytes = BytesOf(tflitePath, metricsPath);
        var model = TfliteFile.Read(bytes);
        if (NetworkMetadata.Read(model) is { } network)
            return new ProvenModel(name, bytes, Digest.OfBytes(bytes), model, network.Labels ?? [], network.Input);
        var facts = SscmaMetadata.Read(model) ?? throw new DiagnosticException(
            Codes.ModelWithoutFacts, $"the file carries no '{SscmaMetadata.EntryName}' entry, so its labels and image size are unknown. Export it with the target SscmaExport.", tflitePath);
        return InMetrics(metricsPath, root => ProvenDetector.Of(name, bytes, model, facts, root));
    }

    /// <summary>The bytes of a .tflite file whose metrics speak of it, whatever they say.</summary>
    /// <exception cref="DiagnosticException">SSCMA4004, SSCMA4005: the metrics are not this file's.</exception>
    public static byte[] BytesOf(string tflitePath, string metricsPath)
    {
        var bytes = File.ReadAllBytes(tflitePath);
        return InMetrics(metricsPath, root => root.GetProperty("tflite").GetProperty("sha256").GetString() == Digest.OfBytes(bytes)
            ? bytes
            : throw new DiagnosticException(Codes.MetricsOfAnotherFile, $"the metrics belong to another file than '{tflitePath}'. Run the target SscmaClean and build again.", metricsPath));
    }

    private static T InMetrics<T>(string metricsPath, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(metricsPath));
            return read(document.RootElement);
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DiagnosticException(
                Diagnostic.Error(Codes.MetricsUnreadable, $"the metrics cannot be read: {broken.Message} Build again with the target SscmaEvaluate.", metricsPath), broken);
        }
    }
}
