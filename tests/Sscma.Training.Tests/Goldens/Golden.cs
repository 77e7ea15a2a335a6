using System.Text.Json;
using Sscma.Natives;
using Sscma.Tensors;
using Sscma.TestSupport;
using Sscma.Training.Network;
using Sscma.Training.Weights;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Goldens;

/// <summary>
/// The folder of golden cases (layout: README of the reference data). A case is named by its tag: the model is found from
/// <c>tag.weights.safetensors</c> alone, so any tag of the same layout will do.
/// </summary>
internal static class Golden
{
    public const string Category = "GoldensRtmdet";

    public static string Folder { get; } = TestPaths.Goldens("SSCMA_GOLDENS_RTMDET", "rtmdet");

    /// <summary>Names of the cases of one kind, "nano.192x192" for "nano.192x192.forward.safetensors".</summary>
    public static IEnumerable<object[]> Cases(string ending)
    {
        var cases = Directory.EnumerateFiles(Folder, $"*{ending}").Order(StringComparer.Ordinal)
            .Select(path => new object[] { Path.GetFileName(path)[..^ending.Length] }).ToList();
        return cases.Count > 0 ? cases : throw new FileNotFoundException($"{Folder} holds no *{ending}");
    }

    public static IReadOnlyDictionary<string, StoredTensor> Tensors(string file) => SafeTensors.Read(Path.Combine(Folder, file));

    public static JsonElement Json(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
        return document.RootElement.Clone();
    }

    public static RtmDet Model(string name, ScalarType type = ScalarType.Float32)
    {
        NativeLibraries.UseTorch();
        set_num_threads(1);
        var weights = Tensors($"{name.Split('.')[0]}.weights.safetensors");
        var model = RtmDet.Create(ModelShape.Infer(weights), seed: 0, type);
        model.Parameters.Import(weights);
        return model;
    }

    public static Tensor ToTorch(StoredTensor stored, ScalarType type = ScalarType.Float32) => tensor(stored.As<float>().ToArray(), stored.Shape).to_type(type);

    /// <summary>Asserts that two tensors differ at most by <paramref name="tolerance"/> relative to the largest expected value.</summary>
    public static void AreClose(StoredTensor expected, Tensor actual, double tolerance, string what)
    {
        CollectionAssert.AreEqual(expected.Shape, actual.shape, what);
        using var scope = NewDisposeScope();
        var values = actual.detach().to_type(ScalarType.Float32).contiguous().data<float>().ToArray();
        AreClose(expected.As<float>(), values, tolerance, what);
    }

    /// <inheritdoc cref="AreClose(StoredTensor, Tensor, double, string)"/>
    public static void AreClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        double scale = 0, worst = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.IsTrue(float.IsFinite(actual[i]), $"{what}[{i}] is {actual[i]}");
            scale = Math.Max(scale, Math.Abs(expected[i]));
            worst = Math.Max(worst, Math.Abs(expected[i] - actual[i]));
        }

        Assert.IsTrue(worst <= tolerance * scale, $"{what}: largest difference {worst}, largest value {scale}, allowed {tolerance} of it");
    }

    public static void IsClose(double expected, double actual, double tolerance, string what) =>
        Assert.IsTrue(Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), 1e-12), $"{what}: {actual:R} where {expected:R} is expected, allowed {tolerance} relative");
}
