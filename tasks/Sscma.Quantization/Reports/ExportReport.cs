using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sscma.Files;
using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Reports;

/// <summary>What a file holds and how well it follows the float model; written as export.json.</summary>
public sealed record ExportReport
{
    private const int WorstInSummary = 3;

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

    /// <summary>Side of a detector's square input in pixels; null for a plain network.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ImageSize { get; init; }

    /// <summary>Shape of the input: [1, height, width, channels].</summary>
    public required IReadOnlyList<int> Input { get; init; }

    /// <summary>Class names; none for a plain network that names none.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>In which numbers the file computes: int8, int16x8, float16 or float32.</summary>
    public required string Precision { get; init; }

    /// <summary>Images that gave the ranges; 0 for a float file.</summary>
    public required int CalibrationImages { get; init; }

    /// <summary>How the ranges were found; null for a float file.</summary>
    public CalibrationReport? Calibration { get; init; }

    /// <summary>Images that gave the signal-to-noise figures.</summary>
    public required int ComparedImages { get; init; }

    /// <summary>How often each operator occurs.</summary>
    public required IReadOnlyDictionary<string, int> Operators { get; init; }

    /// <summary>The C++ lines that register the operators with TensorFlow Lite Micro.</summary>
    public required IReadOnlyList<string> Resolver { get; init; }

    /// <summary>Multiply-accumulate steps for one image.</summary>
    public required long Macs { get; init; }

    /// <summary>Memory.</summary>
    public required ArenaReport Arena { get; init; }

    /// <summary>The ONNX files that were written besides.</summary>
    public IReadOnlyList<OnnxReport> Onnx { get; init; } = [];

    /// <summary>What the user may want to know; no fault.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The outputs.</summary>
    public required IReadOnlyList<LayerReport> Outputs { get; init; }

    /// <summary>Every activation, those that follow the float model worst first.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>The text of export.json.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>What the console shows: a few lines.</summary>
    public IEnumerable<string> Summary()
    {
        var facts = string.Create(CultureInfo.InvariantCulture, $"{Bytes / 1024.0:F0} KiB flash, arena {Arena.ArenaBytes / 1024.0:F0} KiB (plan {Arena.PlannedBytes} + tail {Arena.PersistentBytes} bytes), {Macs / 1e6:F0} M MACs, input {Input[2]}x{Input[1]}");
        yield return $"{Precision} model: {facts}";
        yield return $"operators: {string.Join(", ", Operators.Select(pair => $"{pair.Value} {pair.Key}"))}";
        if (Calibration is { } calibration)
        {
            var how = calibration.Method + (calibration.Equalized ? ", equalized" : "") + (calibration.BiasCorrected ? "" : ", biases left as they are");
            yield return $"calibrated on {CalibrationImages} images: {how}";
            if (calibration.Tried.Count > 0)
                yield return $"best of {string.Join("; ", calibration.Tried)}";
        }

        yield return $"{Precision} against float on {ComparedImages} images:";
        foreach (var output in Outputs)
            yield return Line(output);
        var worst = Layers.Where(layer => layer.SqnrDb is not null && layer.Macs > 0).Take(WorstInSummary).ToList();
        if (worst.Count > 0 && Calibration is not null)
            yield return "layers that lose most:";
        foreach (var layer in worst.Where(_ => Calibration is not null))
            yield return Line(layer);
        foreach (var file in Onnx)
            yield return file.ToString();
        foreach (var note in Notes)
            yield return $"note: {note}";
    }

    internal static ExportReport Of(
        byte[] file, FileFacts facts, Conversion conversion, OnnxModel model, IReadOnlyList<float[]> images, ExportOptions options, ConversionOptions how)
    {
        var compared = Math.Min(options.ReportImages, images.Count);
        var likeness = Comparison.Run(conversion, model, images, compared, how.Threads);
        var network = conversion.Plan.Network;
        Layer[] operations = [.. network.Layers.Where(layer => layer is not ConstantLayer)];
        var layers = operations.Select((layer, index) => Describe(layer, conversion, index, likeness)).ToList();
        var arena = MemoryPlan.Of(conversion.Model);
        return new ExportReport
        {
            Sha256 = Digest.OfBytes(file),
            Bytes = file.Length,
            ImageSize = facts.Detector?.ImageSize,
            Input = network.Input.Shape,
            Labels = facts.Labels,
            Precision = options.Precision.Name(),
            CalibrationImages = conversion.Calibration is null ? 0 : images.Count,
            Calibration = conversion.Calibration is not { } calibration ? null : new CalibrationReport(
                calibration.Method.ToString().ToLowerInvariant(), calibration.Equalized, how.CorrectBias, [.. conversion.Tried.Select(tried => tried.ToString())], options.ImageFiles),
            ComparedImages = compared,
            Operators = new SortedDictionary<string, int>(conversion.Model.Operators.CountBy(node => node.Code.ToString()).ToDictionary(), StringComparer.Ordinal),
            Resolver = ResolverOf(conversion.Model),
            Macs = layers.Sum(layer => layer.Macs),
            Arena = new ArenaReport(arena.PlannedBytes, arena.PersistentBytes, arena.ArenaBytes),
            Notes = [.. NotesOn(facts, options.Input)],
            Outputs = [.. network.Outputs.Select(output => layers[operations.Index().First(layer => layer.Item.Output == output).Index])],
            Layers = [.. layers.OrderBy(layer => layer.SqnrDb ?? double.PositiveInfinity).ThenBy(layer => layer.Place)],
        };
    }

    private static LayerReport Describe(Layer layer, Conversion conversion, int index, IReadOnlyDictionary<Value, Likeness> likeness)
    {
        var value = layer.Output;
        var quantization = conversion.Model.Tensors[conversion.Places[value]].Quantization;
        // A reshaped value is the value itself.
        var source = layer is ReshapeLayer reshape ? reshape.Input : value;
        var like = likeness.GetValueOrDefault(source);
        var seen = conversion.SeenOf(source);
        return new LayerReport(
            value.Name, index, conversion.OperatorOf(value).Code.ToString(), value.Shape, quantization?.Scales[0], (int?)quantization?.ZeroPoints[0],
            seen?.Min, seen?.Max, like?.Saturation, like?.SqnrDb, like?.Cosine, layer.Macs);
    }

    private static string[] ResolverOf(TfliteModel model)
    {
        var names = model.Operators.Select(node => node.Code.ToString()).Distinct().Order(StringComparer.Ordinal).ToList();
        return [$"tflite::MicroMutableOpResolver<{names.Count}> resolver;", .. names.Select(name => $"resolver.Add{name}();")];
    }

    private static string Line(LayerReport layer)
    {
        var seen = layer.SeenMin is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {layer.SeenMin:F2}..{layer.SeenMax:F2},");
        var saturation = layer.Saturation is > 0 and var part ? string.Create(CultureInfo.InvariantCulture, $", {part:P3} saturated") : "";
        var like = layer.SqnrDb is null ? "" : string.Create(CultureInfo.InvariantCulture, $" SQNR {layer.SqnrDb:F1} dB, cosine {layer.Cosine:F5}");
        return string.Create(CultureInfo.InvariantCulture,
            $"  {layer.Name,-16} [{string.Join(',', layer.Shape)}]{seen}{like}{saturation}");
    }

    private static IEnumerable<string> NotesOn(FileFacts facts, InputForm form)
    {
        if (facts.Network is not null)
            yield return "a plain network: its outputs are the ONNX file's, nothing here decodes or scores them";
        if (facts.Detector is { } metadata && metadata.Classes != metadata.Labels.Count)
            yield return "the firmware takes outputs of four channels for boxes, so a fifth class that never wins was added to the four";
        if (!form.IsPlain)
            yield return $"the first layer makes of pixel / 255 what the ONNX file expects: {form}";
    }
}
