using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Reports;
using Sscma.TestSupport;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Quantization.Tests;

/// <summary>The same detector in every precision: TensorFlow Lite runs the file, and its results are the float model's.</summary>
[TestClass]
public sealed class PrecisionTests
{
    [TestMethod]
    [DataRow(Precision.Float32, 1e-5)]
    [DataRow(Precision.Float16, 5e-3)]
    public void A_float_file_has_the_float_models_results(Precision precision, double tolerance)
    {
        var (file, _) = Exported(precision, SmallDetector.Make(4), []);
        Assert.AreEqual(precision.Name(), SscmaMetadata.Read(file)!.Precision);
        var interpreter = new Interpreter(file);
        foreach (var picture in SmallDetector.Pictures(2))
            AreClose(SmallDetector.Make(4), picture, file, interpreter.Run([Input(picture, file)]), tolerance);
        Assert.AreEqual(precision == Precision.Float16, file.Tensors.Any(tensor => tensor.Type == TensorType.Float16));
    }

    [TestMethod]
    [DataRow(Precision.Float32, 1e-5)]
    [DataRow(Precision.Float16, 5e-3)]
    [DataRow(Precision.Int16x8, 0.03)]
    public void TensorFlow_Lite_runs_the_file(Precision precision, double tolerance)
    {
        var pictures = SmallDetector.Pictures();
        var model = SmallDetector.Make(4);
        var file = TfliteFile.Write(Convert(precision, model, pictures));
        using var library = new TensorFlowLite(file);
        var read = TfliteFile.Read(file);
        foreach (var picture in pictures.Take(2))
            AreClose(model, picture, read, library.Run([Input(picture, read)]), tolerance);
    }

    [TestMethod]
    [TestCategory("GoldensRtmdet")]
    [DataRow(Precision.Float32, 80.0)]
    [DataRow(Precision.Float16, 50.0)]
    [DataRow(Precision.Int16x8, 40.0)]
    public void TensorFlow_Lite_runs_a_real_network(Precision precision, double decibels)
    {
        var model = GoldenNetwork.Model;
        var file = TfliteFile.Write(Convert(precision, model, GoldenNetwork.Images));
        using var library = new TensorFlowLite(file);
        using var session = new OnnxSession(model);
        var read = TfliteFile.Read(file);
        var likeness = read.Outputs.Select(_ => new Likeness()).ToArray();
        foreach (var picture in GoldenNetwork.Images.Take(2))
        {
            var reals = session.Run(picture, 1, 3, GoldenNetwork.Size, GoldenNetwork.Size);
            var raw = library.Run([Input(picture, read)]);
            for (var output = 0; output < raw.Length; output++)
                Add(likeness[output], reals[output], read.Tensors[read.Outputs[output]], raw[output]);
        }

        foreach (var (like, output) in likeness.Zip(read.Outputs))
            Assert.IsGreaterThan(decibels, like.SqnrDb ?? 200, read.Tensors[output].Name);
    }

    [TestMethod]
    public void Int16x8_has_symmetric_codes_and_wide_biases()
    {
        var file = Convert(Precision.Int16x8, SmallDetector.Make(4), SmallDetector.Pictures());
        Assert.AreEqual(1f / 255, file.Tensors[file.Inputs[0]].Quantization!.Scales[0]);
        foreach (var tensor in file.Tensors.Where(tensor => tensor.Type == TensorType.Int16))
            Assert.AreEqual(0, tensor.Quantization!.ZeroPoints[0], tensor.Name);
        Assert.AreEqual(file.Operators.Count(node => node.Code == BuiltinOperator.Conv2D), file.Tensors.Count(tensor => tensor.Type == TensorType.Int64));
    }

    [TestMethod]
    public void Attention_saturates_in_every_precision()
    {
        foreach (var precision in Enum.GetValues<Precision>())
        {
            var graph = new Graphs(3, 8, 8);
            graph.Conv("c", "images", 3, 4, weights: graph.Draw(12, -9, 9));
            graph.Node("HardSigmoid", "y", ["c"], ("alpha", 0.5f), ("beta", 0.2f));
            var model = graph.Model("y");
            var pictures = Graphs.Pictures(3, 3, 8, 8);
            var conversion = Converter.Convert(model, pictures, new ConversionOptions { Precision = precision });
            var file = TfliteFile.Read(TfliteFile.Write(conversion.Model));
            using var library = new TensorFlowLite(TfliteFile.Write(conversion.Model));
            using var session = new OnnxSession(model);
            var real = session.Run(pictures[0], 1, 3, 8, 8)[0].Floats();
            var found = new TensorReals(file.Tensors[file.Outputs[0]], library.Run([Comparison.Pixels(pictures[0], conversion.Plan.Network.Input, file.Tensors[file.Inputs[0]].Type)])[0]);
            for (var i = 0; i < real.Length; i++)
                Assert.AreEqual(real[((i % 4) * 64) + (i / 4)], found[i], precision.IsQuantized() ? 0.04 : 0.01, $"{precision} {i}");
            Assert.IsTrue(real.Contains(0) && real.Contains(1), "both ends are reached");
        }
    }

    [TestMethod]
    public void A_detector_reads_float_files_as_it_reads_int8_ones()
    {
        var pictures = SmallDetector.Pictures();
        var (file, _) = Exported(Precision.Float32, SmallDetector.Make(2), pictures);
        var (codes, _) = Exported(Precision.Int8, SmallDetector.Make(2), pictures);
        var rgb = new byte[SmallDetector.Size * SmallDetector.Size * 3];
        new Random(3).NextBytes(rgb);
        var (real, inCodes) = (new TfliteDetector(file).Run(rgb), new TfliteDetector(codes).Run(rgb));
        for (var level = 0; level < 3; level++)
        {
            var likeness = new Likeness();
            for (var i = 0; i < real[level].Distances.Length; i++)
                likeness.Add(real[level].Distances.Span[i], inCodes[level].Distances.Span[i], saturated: false);
            Assert.IsGreaterThan(20.0, likeness.SqnrDb!.Value);
        }
    }

    private static (TfliteModel File, ExportReport Report) Exported(Precision precision, OnnxModel model, float[][] pictures)
    {
        var result = TfliteExporter.Export(model, pictures, new ExportOptions { Precision = precision }, new DiagnosticList());
        return (TfliteFile.Read(result.Tflite), result.Report);
    }

    /// <summary>Without the report, which our own interpreter would make.</summary>
    private static TfliteModel Convert(Precision precision, OnnxModel model, float[][] pictures) =>
        Converter.Convert(model, pictures, new ConversionOptions { Precision = precision }).Model;

    private static byte[] Input(float[] picture, TfliteModel file)
    {
        var tensor = file.Tensors[file.Inputs[0]];
        return Comparison.Pixels(picture, new Value("", tensor.Shape), tensor.Type);
    }

    private static void AreClose(OnnxModel model, float[] picture, TfliteModel file, byte[][] raw, double tolerance)
    {
        using var session = new OnnxSession(model);
        var reals = session.Run(picture, 1, 3, SmallDetector.Size, SmallDetector.Size);
        for (var output = 0; output < 6; output++)
        {
            var found = new TensorReals(file.Tensors[file.Outputs[output]], raw[output]);
            var (channels, inFile) = ((int)reals[output].Shape[1], file.Tensors[file.Outputs[output]].Shape[^1]);
            var expected = reals[output].Floats();
            var (cells, largest) = (expected.Length / channels, expected.Max(Math.Abs));
            var centred = SscmaMetadata.Read(file) is not null && output >= 3;
            for (var i = 0; i < expected.Length; i++)
            {
                var (channel, cell) = (i / cells, i % cells);
                var shift = !centred ? 0 : channel < 2 ? 0.5f : -0.5f;
                Assert.AreEqual(expected[i] + shift, found[(cell * inFile) + channel], tolerance * largest, $"output {output}, {i}");
            }
        }
    }

    private static void Add(Likeness likeness, OnnxTensor real, TfliteTensor tensor, byte[] raw)
    {
        var (reals, found, channels) = (real.Floats(), new TensorReals(tensor, raw), (int)real.Shape[1]);
        var cells = reals.Length / channels;
        Assert.AreEqual(reals.Length * tensor.Type.Size(), raw.Length);
        for (var i = 0; i < reals.Length; i++)
            likeness.Add(reals[i], found[((i % cells) * channels) + (i / cells)], saturated: false);
    }
}
