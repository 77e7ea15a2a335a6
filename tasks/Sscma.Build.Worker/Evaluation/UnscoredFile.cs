using System.Text.Json;
using Sscma.Files;

namespace Sscma.Build.Worker.Evaluation;

/// <summary>metrics.json and the report of a file that nothing here can score. There is no number in them, so that no gate can take one from them.</summary>
internal static class UnscoredFile
{
    /// <summary>Why a plain network is not scored.</summary>
    public const string Reason = "the .tflite file is a plain network; only an RTMDet detector's outputs can be decoded here";

    /// <summary>Writes metrics.json at once or not at all.</summary>
    public static void WriteMetrics(string path, string model, byte[] tflite) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteStartObject("tflite");
        json.WriteString("sha256", Digest.OfBytes(tflite));
        json.WriteNumber("bytes", tflite.Length);
        json.WriteEndObject();
        json.WriteString("notScored", Reason);
        json.WriteEndObject();
        json.Flush();
        stream.Write("\n"u8);
    });

    /// <summary>The report for people.</summary>
    public static string Report(string model, byte[] tflite) =>
        FormattableString.Invariant($"model       {model}\ntflite      {tflite.Length} bytes, SHA-256 {Digest.OfBytes(tflite)}\n\nnot scored: {Reason}\n");
}
