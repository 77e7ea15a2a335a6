using System.Buffers.Binary;
using Sscma.Diagnostics;
using Sscma.Imaging;

namespace Sscma.Tflite.Tests;

[TestClass]
public sealed class TfliteFileTests
{
    [TestMethod]
    public void What_is_written_is_read_back()
    {
        var model = new RandomModels(3).Conv() with
        {
            Description = "größer",
            Metadata = new Dictionary<string, byte[]> { ["b"] = [1, 2, 3], ["a"] = [4] },
        };

        var read = TfliteFile.Read(TfliteFile.Write(model));

        Assert.AreEqual(model.Description, read.Description);
        CollectionAssert.AreEqual(model.Inputs, read.Inputs);
        CollectionAssert.AreEqual(model.Outputs, read.Outputs);
        CollectionAssert.AreEqual(model.Metadata["b"], read.Metadata["b"]);
        CollectionAssert.AreEqual(model.Metadata["a"], read.Metadata["a"]);
        Assert.AreEqual(model.Operators[0].Options, read.Operators[0].Options);
        for (var i = 0; i < model.Tensors.Count; i++)
        {
            var (expected, actual) = (model.Tensors[i], read.Tensors[i]);
            Assert.AreEqual((expected.Name, expected.Type), (actual.Name, actual.Type));
            CollectionAssert.AreEqual(expected.Shape, actual.Shape);
            CollectionAssert.AreEqual(expected.Data, actual.Data);
            CollectionAssert.AreEqual(expected.Quantization!.Scales, actual.Quantization!.Scales);
            CollectionAssert.AreEqual(expected.Quantization.ZeroPoints, actual.Quantization.ZeroPoints);
            Assert.AreEqual(expected.Quantization.Dimension, actual.Quantization.Dimension);
        }
    }

    [TestMethod]
    public void The_same_model_gives_the_same_bytes_whatever_the_order_of_its_metadata()
    {
        var model = new RandomModels(3).Conv();
        var one = model with { Metadata = new Dictionary<string, byte[]> { ["b"] = [1], ["a"] = [2] } };
        var other = model with { Metadata = new Dictionary<string, byte[]> { ["a"] = [2], ["b"] = [1] } };

        CollectionAssert.AreEqual(TfliteFile.Write(one), TfliteFile.Write(other));
    }

    [TestMethod]
    public void Weights_lie_at_multiples_of_16()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var model = new RandomModels(seed).Conv();
            var file = TfliteFile.Write(model);
            foreach (var data in model.Tensors.Select(tensor => tensor.Data).OfType<byte[]>().Where(data => data.Length > 8))
            {
                var at = file.AsSpan().IndexOf(data);
                Assert.IsGreaterThan(0, at);
                Assert.AreEqual(0, at % 16, $"seed {seed}");
                Assert.AreEqual(data.Length, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at - 4)));
            }
        }
    }

    [TestMethod]
    public void Shared_data_is_written_once()
    {
        var data = new byte[4096];
        new Random(1).NextBytes(data);
        var tensor = new TfliteTensor("twice", [4096], TensorType.Int8, data);
        var model = new TfliteModel { Tensors = [tensor, tensor], Operators = [], Inputs = [], Outputs = [] };

        var file = TfliteFile.Write(model);

        Assert.IsLessThan(5000, file.Length);
        CollectionAssert.AreEqual(data, TfliteFile.Read(file).Tensors[1].Data);
    }

    [TestMethod]
    public void Metadata_of_a_detector_survives_the_file()
    {
        var metadata = new SscmaMetadata { Labels = ["nut", "Schraube, groß"], ImageSize = 192, Classes = 2 };

        var read = SscmaMetadata.Read(TfliteFile.Read(TfliteFile.Write(metadata.WriteTo(new RandomModels(1).Conv()))));

        Assert.IsNotNull(read);
        CollectionAssert.AreEqual(metadata.Labels.ToArray(), read.Labels.ToArray());
        CollectionAssert.AreEqual(new[] { 8, 16, 32 }, read.Strides.ToArray());
        Assert.AreEqual((192, 2, 0.5f), (read.ImageSize, read.Classes, read.PointOffset));
    }

    [TestMethod]
    public void A_file_says_how_pictures_come_to_its_input_and_an_old_one_keeps_the_ratio()
    {
        var metadata = new SscmaMetadata { Labels = ["nut"], ImageSize = 192, Classes = 1 };
        Assert.DoesNotContain("resize", System.Text.Encoding.UTF8.GetString(metadata.Write()));
        Assert.AreEqual(ResizeMode.KeepRatio, SscmaMetadata.Read(metadata.WriteTo(new RandomModels(1).Conv()))!.Input.Resize);

        var stretched = (metadata with { Input = new InputFacts { Resize = ResizeMode.Stretch } }).WriteTo(new RandomModels(1).Conv());
        Assert.Contains("\"resize\":\"Stretch\"", System.Text.Encoding.UTF8.GetString(stretched.Metadata[SscmaMetadata.EntryName]));
        Assert.AreEqual(ResizeMode.Stretch, SscmaMetadata.Read(TfliteFile.Read(TfliteFile.Write(stretched)))!.Input.Resize);

        foreach (var unknown in new[] { "\"Squeeze\"", "7" })
        {
            var text = System.Text.Encoding.UTF8.GetString(stretched.Metadata[SscmaMetadata.EntryName]).Replace("\"Stretch\"", unknown, StringComparison.Ordinal);
            var model = stretched with { Metadata = new Dictionary<string, byte[]> { [SscmaMetadata.EntryName] = System.Text.Encoding.UTF8.GetBytes(text) } };
            Assert.AreEqual(Codes.TfliteFileInvalid, Assert.ThrowsExactly<DiagnosticException>(() => SscmaMetadata.Read(model)).Diagnostic.Code);
        }
    }

    [TestMethod]
    public void Metadata_of_a_plain_network_have_an_entry_of_their_own()
    {
        var metadata = new NetworkMetadata { Labels = ["Schraube, groß"], Precision = "int16x8", Input = new InputFacts { Channels = "GREY", Resize = ResizeMode.Stretch } };
        var model = TfliteFile.Read(TfliteFile.Write(metadata.WriteTo(new RandomModels(1).Conv())));
        var read = NetworkMetadata.Read(model)!;
        Assert.AreEqual("Schraube, groß, int16x8, GREY, Stretch", $"{read.Labels!.Single()}, {read.Precision}, {read.Input.Channels}, {read.Input.Resize}");
        Assert.IsNull(SscmaMetadata.Read(model), "what no detector says");
        Assert.IsNull(NetworkMetadata.Read(new RandomModels(1).Conv()));

        string[] broken = ["{ labels", "null", """{ "input": null, "precision": "int8" }""", """{ "precision": "int8" }""", """{ "input": {}, "precision": "int8", "labels": [null] }""", """{ "input": { "resize": 7 }, "precision": "int8" }"""];
        foreach (var text in broken)
        {
            var other = model with { Metadata = new Dictionary<string, byte[]> { [NetworkMetadata.EntryName] = System.Text.Encoding.UTF8.GetBytes(text) } };
            Assert.AreEqual(Codes.TfliteFileInvalid, Assert.ThrowsExactly<DiagnosticException>(() => NetworkMetadata.Read(other), text).Diagnostic.Code);
        }
    }

    [TestMethod]
    public void Metadata_that_is_no_JSON_is_a_coded_error()
    {
        var model = new RandomModels(1).Conv() with { Metadata = new Dictionary<string, byte[]> { [SscmaMetadata.EntryName] = "{ labels"u8.ToArray() } };

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => SscmaMetadata.Read(model));

        Assert.AreEqual(Codes.TfliteFileInvalid, problem.Diagnostic.Code);
    }
}
