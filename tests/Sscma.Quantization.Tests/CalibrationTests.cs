using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Calibration;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Import;
using Sscma.Quantization.Reports;
using Sscma.Tflite;

namespace Sscma.Quantization.Tests;

[TestClass]
public sealed class CalibrationTests
{
    [TestMethod]
    public void Each_method_has_its_own_range_of_a_peak_with_outliers()
    {
        // 100,000 values of 0 to 1, and one of 8: worth an outlier to nobody but MinMax, and one in 100,000 is beyond the percentile.
        var values = Enumerable.Range(0, 100_000).Select(i => i / 100_000f).Append(8).ToArray();
        var statistics = new ValueStatistics(1);
        Assert.IsTrue(statistics.Observe(values));
        statistics.Count(values);

        Assert.AreEqual(new ValueRange(0, 8), RangeSearch.Find(RangeMethod.MinMax, statistics, 255));
        Assert.AreEqual(1, RangeSearch.Find(RangeMethod.Percentile, statistics, 255).Max, 0.01);
        // Steps of 8/255 cost 100,000 · (8/255)²/12 = 8.2; without the outlier they cost nearly nothing, and the outlier 49.
        Assert.IsInRange(5f, 8f, RangeSearch.Find(RangeMethod.Mse, statistics, 255).Max);
        Assert.IsGreaterThan(7.5f, RangeSearch.Find(RangeMethod.Mse, statistics, 65534).Max, "16 bits need not cut");
    }

    [TestMethod]
    public void Entropy_cuts_what_costs_the_others_their_shape_and_is_not_led_by_zeros()
    {
        // Half a bell of width 0.3, and one value of 8. Codes that reach to 8 are a tenth of the width: too coarse for the slope.
        var random = new Random(1);
        var bell = Enumerable.Range(0, 100_000).Select(_ => 0.3f * MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Abs(MathF.Cos(2 * MathF.PI * random.NextSingle()))).Append(8).ToArray();
        var range = RangeOf(bell);
        Assert.AreEqual(0f, range.Min);
        Assert.IsInRange(1.2f, 5f, range.Max);

        // ReLU adds three times as many zeros: the rest is what it was.
        Assert.AreEqual(range.Max, RangeOf([.. bell, .. new float[300_000]]).Max, 0.5);

        static ValueRange RangeOf(float[] values)
        {
            var statistics = new ValueStatistics(1);
            Assert.IsTrue(statistics.Observe(values));
            statistics.Count(values);
            return RangeSearch.Find(RangeMethod.Entropy, statistics, 255);
        }
    }

    [TestMethod]
    public void A_value_that_never_changes_is_no_trouble_for_any_method()
    {
        foreach (var value in new[] { 0f, 3f, -2f })
        {
            var statistics = new ValueStatistics(1);
            statistics.Observe([value, value]);
            statistics.Count([value, value]);
            foreach (var method in Enum.GetValues<RangeMethod>())
            {
                var range = RangeSearch.Find(method, statistics, 255).WithZero;
                Assert.IsTrue(range.Min <= value && range.Max >= value, $"{method} of {value}: {range}");
            }
        }
    }

    [TestMethod]
    public void Equalization_changes_no_float_result_and_gives_weak_channels_more_codes()
    {
        var pictures = Graphs.Pictures(6, 3, 8, 8);
        var model = Uneven();
        var network = OnnxImporter.Import(model);
        var (equal, factors) = Equalization.Apply(network, Calibrator.Observe(model, network, pictures, threads: 1));
        Assert.HasCount(2, factors, "both values between the three convolutions");
        Assert.IsTrue(factors.Values.All(factor => factor.All(one => Math.ScaleB(1, Math.ILogB(one)) == one)), "powers of two");

        var (plain, _) = Emission.LayerEmitter.Emit(network, new Emission.FloatEncoding(false), "");
        var (scaled, _) = Emission.LayerEmitter.Emit(equal, new Emission.FloatEncoding(false), "");
        foreach (var picture in pictures)
        {
            var input = Comparison.Pixels(picture, network.Input, TensorType.Float32);
            CollectionAssert.AreEqual(new Interpreter(plain).Run([input])[0], new Interpreter(scaled).Run([input])[0]);
        }

        var without = Comparison.OfOutputs(Converter.Convert(model, pictures, new ConversionOptions { Equalize = false }), model, pictures, 1);
        var with = Comparison.OfOutputs(Converter.Convert(model, pictures, new ConversionOptions { Equalize = true }), model, pictures, 1);
        Assert.IsGreaterThan(without + 3, with, "decibels");
    }

    [TestMethod]
    public void Auto_keeps_the_best_and_says_what_it_tried()
    {
        var pictures = SmallDetector.Pictures();
        var result = TfliteExporter.Export(SmallDetector.Make(2), pictures, new ExportOptions { Calibration = null }, new DiagnosticList());
        var calibration = result.Report.Calibration!;
        Assert.HasCount(8, calibration.Tried);
        var best = calibration.Tried.MaxBy(Decibels)!;
        StringAssert.StartsWith(best, calibration.Method + (calibration.Equalized ? ", equalized " : " "));
        StringAssert.Contains(string.Join('\n', result.Report.Summary()), best);

        var again = TfliteExporter.Export(SmallDetector.Make(2), pictures, new ExportOptions { Calibration = null }, new DiagnosticList());
        CollectionAssert.AreEqual(result.Tflite, again.Tflite);
        var alone = TfliteExporter.Export(
            SmallDetector.Make(2), pictures, new ExportOptions { Calibration = Enum.Parse<RangeMethod>(calibration.Method, ignoreCase: true), Equalize = calibration.Equalized }, new DiagnosticList());
        CollectionAssert.AreEqual(result.Tflite, alone.Tflite, "the choice is what it says");

        static double Decibels(string tried) => double.Parse(tried.Split(' ')[^2], System.Globalization.CultureInfo.InvariantCulture);
    }

    [TestMethod]
    public void The_metadata_name_what_the_file_was_made_from()
    {
        var images = Enumerable.Range(0, 12).Select(i => new CalibrationImage($"bild {i}.png", 10, new string((char)('a' + (i % 6)), 64))).ToList();
        var options = new ExportOptions { Origin = new ExportOrigin("onnx", "config", "dataset"), ImageFiles = images };
        var result = TfliteExporter.Export(SmallDetector.Make(2), SmallDetector.Pictures(), options, new DiagnosticList());
        var origin = SscmaMetadata.Read(TfliteFile.Read(result.Tflite))!.Origin!;
        Assert.AreEqual(("onnx", "config", "dataset", "mse", 12), (origin.Model, origin.Config, origin.Dataset, origin.Calibration, origin.CalibrationImages));
        Assert.HasCount(64, origin.CalibrationList!);
        Assert.AreEqual("bild 11.png", result.Report.Calibration!.Images[^1].Name);

        var other = TfliteExporter.Export(SmallDetector.Make(2), SmallDetector.Pictures(), options with { ImageFiles = [.. images.Skip(1)] }, new DiagnosticList());
        Assert.AreNotEqual(origin.CalibrationList, SscmaMetadata.Read(TfliteFile.Read(other.Tflite))!.Origin!.CalibrationList);
    }

    [TestMethod]
    public void Layers_are_reported_worst_first_and_the_resolver_has_every_operator()
    {
        var report = TfliteExporter.Export(SmallDetector.Make(2), SmallDetector.Pictures(), new ExportOptions(), new DiagnosticList()).Report;
        var decibels = report.Layers.Select(layer => layer.SqnrDb).OfType<double>().ToArray();
        CollectionAssert.AreEqual(decibels.Order().ToArray(), decibels);
        Assert.HasCount(22, report.Layers.Select(layer => layer.Place).Distinct().ToList());
        CollectionAssert.AreEqual(
            new[] { "tflite::MicroMutableOpResolver<3> resolver;", "resolver.AddConv2D();", "resolver.AddPad();", "resolver.AddReshape();" }, report.Resolver.ToArray());
        Assert.IsTrue(report.Layers.All(layer => layer.Operator == "Pad" || layer.Saturation is >= 0 and < 0.1));
    }

    /// <summary>Convolution, depthwise convolution, convolution; the channels between them are up to 64 times as large as others.</summary>
    private static OnnxModel Uneven()
    {
        var graph = new Graphs(3, 8, 8, seed: 4);
        float[] sizes = [1, 0.5f, 1 / 16f, 1 / 64f];
        graph.Conv("a", "images", 3, 4, weights: [.. sizes.SelectMany(size => graph.Draw(3, 0, size))], bias: new float[4]);
        graph.Node("Relu", "ra", ["a"]);
        graph.Conv("b", "ra", 4, 4, 3, pad: 1, groups: 4, bias: new float[4]);
        graph.Node("Relu", "rb", ["b"]);
        graph.Conv("y", "rb", 4, 4, weights: [.. Enumerable.Range(0, 4).SelectMany(_ => sizes.Select(size => graph.Draw(1, 0.3f, 1)[0] / size))], bias: new float[4]);
        return graph.Model("y");
    }
}
