using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sscma.Files;
using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Reports;

/// <summary>What an int8 file holds and how well it follows the float model; written as export.json.</summary>
public sealed record ExportReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>SHA-256 of the file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    public required int Bytes { get; init; }

    /// <summary>Side of the square input in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Class names.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Images that gave the ranges.</summary>
    public required int CalibrationImages { get; init; }

    /// <summary>Images that gave the signal-to-noise figures.</summary>
    public required int ComparedImages { get; init; }

    /// <summary>How often each operator occurs.</summary>
    public required IReadOnlyDictionary<string, int> Operators { get; init; }

    /// <summary>Multiply-accumulate steps for one image.</summary>
    public required long Macs { get; init; }

    /// <summary>Memory.</summary>
    public required ArenaReport Arena { get; init; }

    /// <summary>What the user may want to know; no fault.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The outputs.</summary>
    public required IReadOnlyList<LayerReport> Outputs { get; init; }

    /// <summary>Every activation, in the order in which it is made.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>The text of export.json.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>What the console shows: a few lines.</summary>
    public IEnumerable<string> Summary()
    {
        var kilobytes = string.Create(CultureInfo.InvariantCulture, $"{Bytes / 1024.0:F0} KiB, arena {Arena.ArenaBytes / 1024.0:F0} KiB, {Macs / 1e6:F0} M MACs, input {ImageSize}x{ImageSize}");
        yield return $"int8 model: {kilobytes}";
        yield return $"operators: {string.Join(", ", Operators.Select(pair => $"{pair.Value} {pair.Key}"))}";
        yield return $"calibrated on {CalibrationImages} images; int8 against float on {ComparedImages}:";
        foreach (var output in Outputs)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"  {output.Name,-16} [{string.Join(',', output.Shape)}] {output.SeenMin:F2}..{output.SeenMax:F2}, SQNR {output.SqnrDb:F1} dB, cosine {output.Cosine:F5}");
        }

        foreach (var note in Notes)
            yield return $"note: {note}";
    }

    internal static ExportReport Of(
        byte[] file, SscmaMetadata metadata, Conversion conversion, OnnxModel model, IReadOnlyList<float[]> images, ExportOptions options)
    {
        var compared = Math.Min(options.ReportImages, images.Count);
        var likeness = Comparison.Run(conversion, model, images, compared, options.Conversion.Threads);
        var network = conversion.Plan.Network;
        var layers = network.Layers.Select((layer, index) => Describe(layer, conversion, index, likeness)).ToList();
        var arena = MemoryPlan.Of(conversion.Model);
        return new ExportReport
        {
            Sha256 = Digest.OfBytes(file),
            Bytes = file.Length,
            ImageSize = metadata.ImageSize,
            Labels = metadata.Labels,
            CalibrationImages = images.Count,
            ComparedImages = compared,
            Operators = new SortedDictionary<string, int>(layers.CountBy(layer => layer.Operator).ToDictionary(), StringComparer.Ordinal),
            Macs = layers.Sum(layer => layer.Macs),
            Arena = new ArenaReport(arena.PlannedBytes, arena.PersistentBytes, arena.ArenaBytes),
            Notes = [.. NotesOn(metadata)],
            Outputs = [.. network.Outputs.Select(output => layers[network.Layers.Index().First(layer => layer.Item.Output == output).Index])],
            Layers = layers,
        };
    }

    private static LayerReport Describe(Layer layer, Conversion conversion, int index, IReadOnlyDictionary<Value, Likeness> likeness)
    {
        var (value, codes) = (layer.Output, conversion.Plan.Codes[layer.Output]);
        // A reshaped value is the value itself.
        var source = layer is ReshapeLayer reshape ? reshape.Input : value;
        var like = likeness.GetValueOrDefault(source);
        var seen = conversion.SeenOf(source);
        return new LayerReport(
            value.Name, conversion.Model.Operators[index].Code.ToString(), value.Shape, codes.Scale, codes.ZeroPoint, seen?.Min, seen?.Max, like?.SqnrDb, like?.Cosine, layer.Macs);
    }

    private static IEnumerable<string> NotesOn(SscmaMetadata metadata)
    {
        if (metadata.Classes != metadata.Labels.Count)
            yield return "the firmware takes outputs of four channels for boxes, so a fifth class that never wins was added to the four";
    }
}
