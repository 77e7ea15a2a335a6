using System.Text.Json;
using Sscma.Coco.Evaluation;
using Sscma.Files;

namespace Sscma.Build.Worker.Evaluation;

/// <summary>
/// metrics.json: what the gate reads and what is embedded. A number that could not be measured is null, never -1, so that no comparison
/// can take it for one. The same evaluation gives the same bytes.
/// </summary>
internal static class MetricsFile
{
    /// <summary>The firmware whose answers stand under "device"; as TargetRuntime names it.</summary>
    public const string Firmware = "sscma-micro";

    /// <summary>Writes the file at once or not at all.</summary>
    public static void Write(string path, ScoredModel scored) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteString("model", scored.Model);
        json.WriteStartObject("tflite");
        json.WriteString("sha256", Digest.OfBytes(scored.Tflite));
        json.WriteNumber("bytes", scored.Tflite.Length);
        json.WriteEndObject();
        WriteDataset(json, scored);
        WriteDecoding(json, scored);
        WriteMetrics(json, scored.Result);
        WriteClasses(json, scored, scored.Result);
        WriteDevice(json, scored);
        if (scored.Test is { } test)
        {
            json.WriteStartObject("test");
            WriteDataset(json, test);
            WriteMetrics(json, test.Result);
            WriteClasses(json, test, test.Result);
            WriteDevice(json, test);
            json.WriteEndObject();
        }

        if (scored.Lineage is { } lineage)
        {
            json.WritePropertyName("lineage");
            lineage.WriteTo(json);
        }

        json.WriteEndObject();
        json.Flush();
        stream.Write("\n"u8);
    });

    private static void WriteDataset(Utf8JsonWriter json, ScoredModel scored)
    {
        json.WriteStartObject("dataset");
        json.WriteString("annotations", scored.AnnotationName);
        json.WriteString("sha256", scored.Dataset.AnnotationDigest());
        json.WriteNumber("images", scored.Dataset.Images.Count);
        json.WriteNumber("objects", scored.Objects);
        json.WriteEndObject();
    }

    private static void WriteDecoding(Utf8JsonWriter json, ScoredModel scored)
    {
        json.WriteStartObject("decoding");
        json.WriteNumber("scoreThreshold", scored.Decoding.ScoreThreshold);
        json.WriteNumber("iouThreshold", scored.Decoding.IouThreshold);
        json.WriteNumber("maxDetections", scored.Decoding.MaxDetections);
        json.WriteString("resize", scored.Resize.ToString());
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, EvaluationResult result)
    {
        json.WriteStartObject("metrics");
        foreach (var (name, value) in ScoredModel.MetricNames.Zip(result.Stats))
            Write(json, name, value < 0 ? null : value);
        json.WriteEndObject();
    }

    private static void WriteClasses(Utf8JsonWriter json, ScoredModel scored, EvaluationResult evaluation)
    {
        json.WriteStartArray("perClass");
        foreach (var (name, objects, result) in scored.Classes(evaluation))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("objects", objects);
            Write(json, "AP", result.AP);
            Write(json, "AP50", result.AP50);
            Write(json, "AP75", result.AP75);
            Write(json, "APSmall", result.APSmall);
            Write(json, "APMedium", result.APMedium);
            Write(json, "APLarge", result.APLarge);
            Write(json, "AR", result.AR);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Absent when the firmware does not run the file: then nothing can be said of a device.</summary>
    private static void WriteDevice(Utf8JsonWriter json, ScoredModel scored)
    {
        if (scored.Device is not { } device)
            return;
        json.WriteStartObject("device");
        json.WriteString("firmware", Firmware);
        json.WriteNumber("scoreThreshold", device.Options.ScoreThreshold);
        json.WriteNumber("iouThreshold", device.Options.IouThreshold);
        json.WriteNumber("detections", device.Detections);
        WriteMetrics(json, device.Result);
        WriteClasses(json, scored, device.Result);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
