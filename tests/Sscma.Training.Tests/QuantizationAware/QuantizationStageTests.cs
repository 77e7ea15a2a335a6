using System.Text.Json;
using System.Text.RegularExpressions;
using Sscma.Coco;
using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization;
using Sscma.Tflite;
using Sscma.Training.Configuration;
using Sscma.Training.Loop;
using Sscma.Training.Network;
using Sscma.Training.QuantizationAware;
using Sscma.Training.Tests.Loop;
using Sscma.Training.Weights;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.QuantizationAware;

/// <summary>A tiny detector with channel attention and blocks in the neck, trained in floats for two epochs and with the file's rounding for six.</summary>
[TestClass]
public sealed class QuantizationStageTests
{
    private static readonly DetectorConfig Config = TinyDataset.Config with
    {
        Model = TinyDataset.Config.Model with { ChannelAttention = true, SplitPooling = true, NeckBlocks = 3 },
        Train = TinyDataset.Config.Train with { MaxEpochs = 2, Stage2Epochs = 1 },
        Quantization = new QuantizationConfig { Method = "qat", Epochs = 6, Lr = 0.0005 },
    };

    [TestMethod]
    [DataRow("relu", "unit", DisplayName = "relu")]
    [DataRow("silu", "imagenet", DisplayName = "silu, standardised input")]
    public void What_is_trained_with_computes_what_the_exported_file_computes(string activation, string input)
    {
        var data = new TinyDataset();
        var request = data.Request("qat", Config with { Model = Config.Model with { Activation = activation, Input = input } });
        var (result, lines) = Train(request);
        Assert.AreEqual(6, result.Epochs);
        Assert.Contains("ranges rest from epoch 3 on, norms from epoch 5 on", string.Join('\n', lines));

        // The file, from the ONNX file alone; what calibration sees decides nothing that the training has learnt.
        var onnx = OnnxFile.Read(result.OnnxFile);
        var images = Directory.GetFiles(Path.Combine(data.Folder, "val")).Order(StringComparer.Ordinal)
            .Select(file => InputImage.Of(ImageFile.Decode(file), TinyDataset.Size, TinyDataset.Size, request.Config.Train.ResizeMode).Image).ToArray();
        var settings = new ExportOptions { Labels = ["red", "blue"], PreferLearnt = true };
        var export = TfliteExporter.Export(onnx, [.. images.Select(Reals)], settings, new DiagnosticList());
        var dark = TfliteExporter.Export(onnx, [new float[3 * TinyDataset.Size * TinyDataset.Size]], settings, new DiagnosticList());
        Assert.AreSequenceEqual(TensorsOf(export.Tflite), TensorsOf(dark.Tflite));

        // The training's network, with weights and ranges as they were written.
        using var detector = RtmDet.Create(request.Config with { Model = request.Config.Model with { NumClasses = 2 } }, 2, seed: 0);
        WeightFile.Load(result.WeightsFile, detector.Parameters);
        detector.Quantize(new RangeLearner(detector, TinyDataset.Size));
        detector.Learner!.Import(RangesOf(onnx, detector.Learner));

        var (steps, count, far) = (0.0, 0, 0);
        using var interpreter = new Interpreter(TfliteFile.Read(export.Tflite));
        var codes = interpreter.Model.Outputs.Select(place => interpreter.Model.Tensors[place].Quantization!).ToArray();
        foreach (var image in images)
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            var outputs = detector.Forward(BatchTensors.Images(image.Pixels, 1, TinyDataset.Size, CPU), training: false);
            var results = interpreter.Run([Array.ConvertAll(image.Pixels, pixel => (byte)(pixel - 128))]);
            for (var level = 0; level < 3; level++)
            {
                foreach (var (map, index, shift) in new[] { (outputs.Classes[level], level, new float[2]), (outputs.Distances[level], level + 3, [0.5f, 0.5f, -0.5f, -0.5f]) })
                {
                    var reals = map.permute(0, 2, 3, 1).contiguous().data<float>().ToArray();
                    Assert.AreEqual(results[index].Length, reals.Length);
                    for (var i = 0; i < reals.Length; i++)
                    {
                        var apart = Math.Abs(((reals[i] + shift[i % shift.Length]) / codes[index].Scales[0]) + codes[index].ZeroPoints[0] - (sbyte)results[index][i]);
                        (steps, count, far) = (steps + apart, count + 1, far + (apart > 1.5 ? 1 : 0));
                    }
                }
            }
        }

        // Sums in float32 may round the other way than sums of integers; nothing else may differ.
        Assert.IsLessThan(0.02, steps / count, $"{steps / count} steps on average");
        Assert.IsLessThan(0.002, far / (double)count);
    }

    [TestMethod]
    public void A_cancelled_stage_goes_on_and_other_settings_of_it_leave_the_floats_alone()
    {
        var data = new TinyDataset();
        var whole = data.Request("whole", Config);
        var parts = data.Request("parts", Config) with { LogInterval = 1 };
        Train(whole);

        // In the middle of the stage's first, second and last third.
        foreach (var mark in new[] { @"\[2\]\[2/3\]", @"\[4\]\[1/3\]", @"\[6\]\[2/3\]" })
        {
            using var cancellation = new CancellationTokenSource();
            var aware = false;
            using var console = new LineWatch(line =>
            {
                aware |= line.StartsWith("Quantization-aware training begins", StringComparison.Ordinal);
                if (aware && Regex.IsMatch(line, @"Epoch\(train\)  " + mark))
                    cancellation.Cancel();
            });
            Assert.ThrowsExactly<OperationCanceledException>(() => DetectorTrainer.Train(parts, new DiagnosticList(), console, cancellation.Token));
        }

        Train(parts);
        foreach (var output in new[] { "weights.safetensors", "model.onnx", "training.json", "config.effective.yaml", "train.html" })
            Assert.AreSequenceEqual(File.ReadAllBytes(Path.Combine(whole.WorkFolder, output)), File.ReadAllBytes(Path.Combine(parts.WorkFolder, output)), output);

        var floats = File.GetLastWriteTimeUtc(Path.Combine(whole.WorkFolder, "float", "weights.safetensors"));
        var (other, lines) = Train(data.Request("whole", Config with { Quantization = Config.Quantization with { Epochs = 1 } }));
        Assert.AreEqual(1, other.Epochs);
        Assert.AreEqual(floats, File.GetLastWriteTimeUtc(Path.Combine(whole.WorkFolder, "float", "weights.safetensors")));
        Assert.Contains("Quantization-aware training begins with the float weights of epoch", string.Join('\n', lines));
        using var report = JsonDocument.Parse(File.ReadAllBytes(other.ReportFile));
        Assert.AreEqual("qat", report.RootElement.GetProperty("quantization").GetString());
        Assert.AreEqual(2, report.RootElement.GetProperty("lineage")[0].GetProperty("epochs").GetInt32());
    }

    [TestMethod]
    public void Pretrained_weights_of_the_whole_network_leave_the_stage_alone()
    {
        var data = new TinyDataset();
        var floats = Train(data.Request("floats", Config with { Quantization = new QuantizationConfig() })).Result;

        var request = data.Request("stage", Config) with { Pretrained = new Pretrained(floats.WeightsFile, null) };
        var (result, lines) = Train(request);

        Assert.AreEqual(6, result.Epochs);
        Assert.IsFalse(Directory.Exists(Path.Combine(request.WorkFolder, "float")));
        Assert.Contains("tensors loaded from weights.safetensors", string.Join('\n', lines));
        Assert.Contains("Quantization-aware: ", string.Join('\n', lines));
    }

    [TestMethod]
    [DataRow(5, 1, 2)]
    [DataRow(6, 2, 4)]
    [DataRow(2, 0, 0)]
    public void Ranges_rest_after_a_third_and_norms_after_two(int epochs, int ranges, int norms) => Assert.AreEqual((ranges, norms), QuantizationStage.RestFrom(epochs));

    private static Dictionary<string, Tensors.StoredTensor> RangesOf(OnnxModel onnx, RangeLearner learner)
    {
        var ranges = JsonSerializer.Deserialize<Dictionary<string, float[]>>(onnx.Metadata[OnnxMetadata.Ranges])!;
        var ordered = ranges.OrderBy(range => learner.PlaceOf(range.Key)).Select(range => range.Value).ToArray();
        return new Dictionary<string, Tensors.StoredTensor>
        {
            ["ranges.low"] = Tensors.StoredTensor.From([.. ordered.Select(range => range[0])], ordered.Length),
            ["ranges.high"] = Tensors.StoredTensor.From([.. ordered.Select(range => range[1])], ordered.Length),
        };
    }

    private static string[] TensorsOf(byte[] file) => [.. TfliteFile.Read(file).Tensors.Select(tensor =>
        $"{tensor.Name} {string.Join(' ', tensor.Quantization?.Scales ?? [])} {string.Join(' ', tensor.Quantization?.ZeroPoints ?? [])}")];

    private static float[] Reals(RgbImage image)
    {
        var plane = image.Pixels.Length / 3;
        return [.. Enumerable.Range(0, image.Pixels.Length).Select(i => image.Pixels[(i % plane * 3) + (i / plane)] / 255f)];
    }

    private static (TrainingResult Result, List<string> Lines) Train(TrainingRequest request)
    {
        var lines = new List<string>();
        using var console = new LineWatch(lines.Add);
        return (DetectorTrainer.Train(request, new DiagnosticList(), console, CancellationToken.None), lines);
    }
}
