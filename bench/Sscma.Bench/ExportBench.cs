using System.Diagnostics;
using System.Globalization;
using Sscma.Diagnostics;
using Sscma.Natives;
using Sscma.Onnx;
using Sscma.Quantization;
using Sscma.Training.Configuration;
using Sscma.Training.Network;

namespace Sscma.Bench;

/// <summary>Seconds and memory of an export to int8: a network of random weights, calibrated on noise that is as large as pictures.</summary>
internal static class ExportBench
{
    private static readonly string[] Labels = ["bolt", "nut", "washer"];

    public static void Run(Arguments arguments)
    {
        var (size, images) = (arguments.Number("size", 192), arguments.Number("images", 200));
        var model = NanoRelu(size);
        var pictures = new Noise(images, 3 * size * size);
        var process = Process.GetCurrentProcess();
        var watch = Stopwatch.StartNew();
        var before = process.TotalProcessorTime;
        var result = TfliteExporter.Export(model, pictures, new ExportOptions { Labels = Labels }, new DiagnosticList());
        process.Refresh();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"nano_relu {size}x{size}, {images} calibration images: {watch.Elapsed.TotalSeconds:0.0} s, {(process.TotalProcessorTime - before).TotalSeconds:0.0} s of processor time, at most {process.PeakWorkingSet64 / 1048576.0:0} MiB, {result.Tflite.Length} bytes"));
    }

    /// <summary>The default network as ONNX, with random weights.</summary>
    public static OnnxModel NanoRelu(int size)
    {
        NativeLibraries.UseTorch();
        var config = new DetectorConfig { Model = TrainingBench.NanoRelu(Labels.Length) };
        using var detector = RtmDet.Create(config, Labels.Length, seed: 0);
        return OnnxExport.Write(detector, size, Labels);
    }

    /// <summary>The same as TFLite.</summary>
    public static byte[] NanoReluFile(int size, Precision precision) => TfliteExporter.Export(
        NanoRelu(size), new Noise(16, 3 * size * size), new ExportOptions { Labels = Labels, Precision = precision, ReportImages = 0 }, new DiagnosticList()).Tflite;

    /// <summary>Pictures that are made when asked for, each the same whenever.</summary>
    private sealed class Noise(int count, int length) : IReadOnlyList<float[]>
    {
        public int Count => count;

        public float[] this[int index]
        {
            get
            {
                var random = new Random(index);
                var picture = new float[length];
                for (var i = 0; i < length; i++)
                    picture[i] = random.Next(256) / 255f;
                return picture;
            }
        }

        public IEnumerator<float[]> GetEnumerator() => Enumerable.Range(0, count).Select(index => this[index]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
