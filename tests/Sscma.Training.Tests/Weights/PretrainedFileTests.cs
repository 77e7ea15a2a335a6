using System.Text.Json;
using Sscma.Diagnostics;
using Sscma.Tensors;
using Sscma.TestSupport;
using Sscma.Training.Weights;

namespace Sscma.Training.Tests.Weights;

/// <summary>Files of tests/data/pretrained, written by PyTorch (make_fixtures.py there), with what PyTorch says is in them.</summary>
[TestClass]
public sealed class PretrainedFileTests
{
    [TestMethod]
    [DataRow("backbone.pth", 234)]
    [DataRow("formats.pth", 12)]
    [DataRow("protocol4.pth", 12)]
    public void Every_tensor_is_read_as_PyTorch_has_it(string name, int count)
    {
        var tensors = PretrainedFile.Read(Fixture(name)).Tensors;
        using var document = JsonDocument.Parse(File.ReadAllBytes(Fixture("expected.json")));
        var expected = document.RootElement.GetProperty(name).EnumerateObject().ToList();

        Assert.HasCount(count, expected);
        Assert.AreSequenceEqual(expected.Select(entry => entry.Name), tensors.Select(entry => entry.Key));
        foreach (var (entry, (key, tensor)) in expected.Zip(tensors))
        {
            Assert.AreSequenceEqual(entry.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64()), tensor.Shape, key);
            var values = Values(tensor);
            var first = entry.Value.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()).ToArray();
            foreach (var (wanted, found) in first.Zip(values))
                Assert.AreEqual(wanted, found, 1e-7 * Math.Abs(wanted), key);
            var sum = entry.Value.GetProperty("sum").GetDouble();
            Assert.AreEqual(sum, values.Sum(), 1e-6 * (1 + Math.Abs(sum)), key);
        }
    }

    [TestMethod]
    [DataRow("system.pth", Codes.PretrainedForbidden, "'posix.system'")]
    [DataRow("eval.pth", Codes.PretrainedForbidden, "'builtins.eval'")]
    [DataRow("module.pth", Codes.PretrainedForbidden, "'torch.nn.modules.linear.Linear'")]
    [DataRow("legacy.pth", Codes.PretrainedUnreadable, "as PyTorch wrote before version 1.6")]
    [DataRow("compressed.pth", Codes.PretrainedUnreadable, "is compressed or encrypted")]
    [DataRow("expected.json", Codes.PretrainedUnreadable, "not a safetensors file")]
    public void What_is_no_state_dict_is_refused_and_nothing_runs(string name, string code, string text)
    {
        var error = Assert.ThrowsExactly<DiagnosticException>(() => PretrainedFile.Read(Fixture(name))).Diagnostic;

        Assert.AreEqual((code, Fixture(name)), (error.Code, error.File), error.Message);
        Assert.Contains(text, error.Message);
        Assert.IsFalse(File.Exists("sscma-was-here"));
    }

    [TestMethod]
    public void Other_bytes_than_the_digest_names_are_refused()
    {
        var digest = Files.Digest.OfFile(Fixture("formats.pth"));

        Assert.AreEqual(digest, PretrainedFile.Read(Fixture("formats.pth"), digest.ToUpperInvariant()).Sha256);
        var error = Assert.ThrowsExactly<DiagnosticException>(() => PretrainedFile.Read(Fixture("backbone.pth"), digest)).Diagnostic;
        Assert.AreEqual(Codes.PretrainedDigest, error.Code);
        Assert.Contains(digest, error.Message);
    }

    [TestMethod]
    public void A_file_that_is_not_there_is_one_error()
    {
        var error = Assert.ThrowsExactly<DiagnosticException>(() => PretrainedFile.Read(Path.Combine(TestPaths.Scratch(), "none.pth"))).Diagnostic;

        Assert.AreEqual(Codes.FileAccess, error.Code);
    }

    /// <summary>SSCMA_FUZZ=20000 tries as many files.</summary>
    [TestMethod]
    public void Damaged_files_give_coded_errors_and_nothing_else()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("SSCMA_FUZZ"), out var many) ? many : 600;
        var originals = new[] { "formats.pth", "protocol4.pth", "system.pth", "compressed.pth" }.Select(name => File.ReadAllBytes(Fixture(name))).ToArray();
        var random = new Random(2024);
        var refused = 0;
        for (var i = 0; i < count; i++)
        {
            var bytes = Mutated(originals[i % originals.Length], random);
            try
            {
                PretrainedFile.Parse(bytes, "fuzz.pth");
            }
            catch (DiagnosticException problem) when (problem.Diagnostic.Code is Codes.PretrainedUnreadable or Codes.PretrainedForbidden)
            {
                refused++;
            }
        }

        Assert.IsGreaterThan(count / 2, refused);
    }

    /// <summary>A few bytes changed, put in, taken out, or the end cut off; half of the time with checksums made right again, so that the pickle is reached.</summary>
    private static byte[] Mutated(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var changes = 1 + random.Next(4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(8))
            {
                case 0: bytes.Insert(at, (byte)random.Next(256)); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(200), bytes.Count - at - 1)); break;
                case 3: bytes[at] = 0xff; break;
                default: bytes[at] = (byte)random.Next(256); break;
            }
        }

        var mutated = bytes.ToArray();
        if (random.Next(2) == 0)
            StoredZipTests.MendChecksums(mutated);
        return mutated;
    }

    private static double[] Values(StoredTensor tensor) => tensor.Type == "I64"
        ? [.. tensor.As<long>().ToArray().Select(value => (double)value)]
        : [.. tensor.As<float>().ToArray().Select(value => (double)value)];

    private static string Fixture(string name) => TestPaths.Data("pretrained", name);
}
