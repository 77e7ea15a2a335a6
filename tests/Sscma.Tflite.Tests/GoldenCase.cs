using System.Text.Json;
using Sscma.Tensors;
using Sscma.TestSupport;

namespace Sscma.Tflite.Tests;

/// <summary>One recorded model: the file, what was fed, what the two reference runtimes answered.</summary>
public sealed class GoldenCase
{
    private readonly string _folder;
    private readonly JsonElement _entry;

    private GoldenCase(string folder, JsonElement entry)
    {
        (_folder, _entry) = (folder, entry);
        Name = entry.GetProperty("name").GetString()!;
    }

    public string Name { get; }

    /// <summary>Outputs are float32 and compared with a tolerance.</summary>
    public bool IsFloat => _entry.TryGetProperty("float", out var value) && value.GetBoolean();

    /// <summary>Whose outputs ours must equal: TensorFlow Lite Micro's, and TensorFlow Lite's where the other does not have the operator.</summary>
    public string Expected => IsRejected("tflm") ? "tflite.output" : "tflm.output";

    public bool RejectedByTflite => IsRejected("tflite");

    public int? ArenaPlanBytes => _entry.TryGetProperty("arena_plan_bytes", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    public int? TflmArenaUsedBytes => _entry.TryGetProperty("tflm_arena_used_x64", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    public string ModelPath => Path.Combine(_folder, "cases", $"{Name}.tflite");

    public string BoxesPath => Path.Combine(_folder, "cases", $"{Name}.boxes.json");

    public static IReadOnlyList<GoldenCase> All { get; } = [.. Load(TestPaths.Goldens("SSCMA_GOLDENS_TFLITE", "tflite")), .. Load(TestPaths.Data("tflite-int16"))];

    public static IEnumerable<object[]> Names => All.Select(golden => new object[] { golden.Name });

    public static IEnumerable<object[]> DetectorNames => All.Where(golden => File.Exists(golden.BoxesPath)).Select(golden => new object[] { golden.Name });

    public static GoldenCase Of(string name) => All.Single(golden => golden.Name == name);

    public byte[] ModelBytes() => File.ReadAllBytes(ModelPath);

    public TfliteModel Model() => TfliteFile.Read(ModelBytes());

    public IReadOnlyDictionary<string, StoredTensor> Tensors() => SafeTensors.Read(Path.Combine(_folder, "cases", $"{Name}.safetensors"));

    /// <summary>The raw elements of "input.0", "input.1", … or of another series.</summary>
    public static byte[][] Series(IReadOnlyDictionary<string, StoredTensor> tensors, string name) =>
        [.. Enumerable.Range(0, tensors.Count).TakeWhile(k => tensors.ContainsKey($"{name}.{k}")).Select(k => tensors[$"{name}.{k}"].Bytes)];

    private static IEnumerable<GoldenCase> Load(string folder)
    {
        var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "index.json")));
        return document.RootElement.EnumerateArray().Select(entry => new GoldenCase(folder, entry));
    }

    private bool IsRejected(string runtime) => _entry.TryGetProperty(runtime, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() == "rejected";
}
