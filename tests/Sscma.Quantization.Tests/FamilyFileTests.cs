using System.Runtime.InteropServices;
using Sscma.Natives;
using Sscma.Quantization.Calibration;
using Sscma.Quantization.Graph;
using Sscma.Quantization.Reports;
using Sscma.TestSupport;
using Sscma.Tflite;
using Sscma.Tflite.Interpretation.Vectors;
using Sscma.Training.Configuration;
using Sscma.Training.Network;

namespace Sscma.Quantization.Tests;

/// <summary>
/// The networks of the family, with random weights, in the real TensorFlow Lite 2.9. With its own roundings int8 outputs are its bytes; with those of
/// TensorFlow Lite Micro they are near them, within half a step on average, but for mnv4: there int8 itself is one to two steps away from the float network, and
/// either rounding as far as the other. A code that is rounded otherwise changes sums a little, so that others are, and after some ten layers the two have
/// roundings that have nothing to do with one another. The other precisions load, run, and agree.
/// </summary>
[TestClass]
public sealed class FamilyFileTests
{
    private const int Pictures = 2;

    private static readonly string[] Labels = ["bolt", "nut", "washer"];

    [TestMethod]
    [DataRow("rtmdet_nano_8xb32_300e_coco", 96, 0.5)]
    [DataRow("rtmdet_nano_8xb32_300e_coco", 192, 0.5)]
    [DataRow("rtmdet_nano_8xb32_300e_coco_relu", 96, 0.5)]
    [DataRow("rtmdet_nano_8xb32_300e_coco_relu", 192, 0.5)]
    [DataRow("rtmdet_mnv4_8xb32_300e_coco", 96, 1.5)]
    [DataRow("rtmdet_mnv4_8xb32_300e_coco", 192, 3.0)]
    [DataRow("rtmdet_s_8xb32_300e_coco", 96, 0.5)]
    [DataRow("rtmdet_s_8xb32_300e_coco", 192, 0.5)]
    public void TensorFlow_Lite_runs_every_network_in_every_precision(string config, int size, double steps)
    {
        if (!TensorFlowLite.IsPresent)
            Assert.Inconclusive("the TensorFlow Lite library is absent: set SSCMA_TFLITE_LIBRARY");
        NativeLibraries.UseTorch();
        using var detector = RtmDet.Create(ConfigLoader.Load(config, Path.Combine(TestPaths.Repository, "targets", "configs"), []), Labels.Length, seed: 1);
        var model = OnnxExport.Write(detector, size, Labels);
        var pictures = Graphs.Pictures(Pictures, 3, size, size);
        var floats = Floats(model, pictures, size);
        foreach (var precision in Enum.GetValues<Precision>())
        {
            var conversion = Converter.Convert(model, pictures, new ConversionOptions { Precision = precision, Ranges = RangeMethod.MinMax });
            var file = TfliteFile.Write(conversion.Model);
            var read = TfliteFile.Read(file);
            var input = Comparison.Pixels(pictures[0], new Value("", 1, size, size, 3), read.Tensors[read.Inputs[0]].Type);
            using var library = new TensorFlowLite(file);
            var (theirs, ours) = (library.Run([input]), new Interpreter(read).Run([input]));
            if (precision == Precision.Int8)
            {
                var alike = new Interpreter(read, new InterpreterOptions { Path = KernelPath.PlainLite }).Run([input]);
                for (var output = 0; output < theirs.Length; output++)
                    Assert.IsTrue(theirs[output].AsSpan().SequenceEqual(alike[output]), $"output {output} with the library's own roundings");
                var difference = MeanSteps<sbyte>(theirs, ours);
                Assert.IsLessThan(steps, difference, "mean difference in steps of 8 bits");
                var (theirError, ourError) = (MeanError(read, floats, theirs), MeanError(read, floats, ours));
                Assert.IsLessThan((1.15 * theirError) + 0.05, ourError, "ours are as near to the float network as theirs");
                Assert.IsLessThan((1.5 * theirError) + 0.05, difference, "the difference is no more than int8's own");
            }
            else if (precision == Precision.Int16x8)
                Assert.IsLessThan(8.0, MeanSteps<short>(theirs, ours), "mean difference in steps of 16 bits");
            else
                AreClose(theirs, ours, $"{precision}");
        }
    }

    private static float[][] Floats(Onnx.OnnxModel model, float[][] pictures, int size)
    {
        var file = TfliteFile.Read(TfliteFile.Write(Converter.Convert(model, pictures, new ConversionOptions { Precision = Precision.Float32, Ranges = RangeMethod.MinMax }).Model));
        var input = Comparison.Pixels(pictures[0], new Value("", 1, size, size, 3), file.Tensors[file.Inputs[0]].Type);
        return [.. new Interpreter(file).Run([input]).Select(output => MemoryMarshal.Cast<byte, float>(output).ToArray())];
    }

    // In steps, of all outputs together.
    private static double MeanError(TfliteModel model, float[][] floats, byte[][] codes)
    {
        var errors = new List<double>();
        for (var output = 0; output < codes.Length; output++)
        {
            var quantization = model.Tensors[model.Outputs[output]].Quantization!;
            for (var i = 0; i < codes[output].Length; i++)
                errors.Add(Math.Abs((sbyte)codes[output][i] - (floats[output][i] / quantization.Scales[0]) - quantization.ZeroPoints[0]));
        }

        return errors.Average();
    }

    private static double MeanSteps<T>(byte[][] theirs, byte[][] ours)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var differences = theirs.Zip(ours).SelectMany(pair =>
            MemoryMarshal.Cast<byte, T>(pair.First).ToArray().Zip(MemoryMarshal.Cast<byte, T>(pair.Second).ToArray(), (a, b) => Math.Abs(double.CreateTruncating(a) - double.CreateTruncating(b))));
        return differences.Average();
    }

    private static void AreClose(byte[][] theirs, byte[][] ours, string what)
    {
        for (var output = 0; output < theirs.Length; output++)
        {
            var (wanted, found) = (MemoryMarshal.Cast<byte, float>(theirs[output]).ToArray(), MemoryMarshal.Cast<byte, float>(ours[output]).ToArray());
            Assert.HasCount(wanted.Length, found);
            var largest = wanted.Max(Math.Abs);
            for (var i = 0; i < wanted.Length; i++)
                Assert.AreEqual(wanted[i], found[i], 1e-4 * largest, $"{what}: output {output}, {i}");
        }
    }
}
