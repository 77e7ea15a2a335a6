using System.Text.Json;
using Sscma.Build.Tests.Support;
using Sscma.Onnx;
using Sscma.Quantization.Tests;
using Sscma.TestSupport;

namespace Sscma.Build.Tests;

/// <summary>ONNX files of users that are no RTMDet detectors, through real builds with the worker that ships.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GivenNetworkTests
{
    private const string Given = "Onnx=\"networks/classifier ü.onnx\" InputMean=\"123.675; 116.28; 103.53\" InputStd=\"58.395;57.12;57.375\" CalibrationImages=\"11\"";
    private const string Generic = Given + " TargetRuntime=\"Generic\"";

    private static readonly string[] Made =
        ["model.onnx", "parts_detector.tflite", "parts_detector.qdq.onnx", "export.json", "metrics.json", "evaluation.txt", "embed/parts_detector.tflite", "embed/PartsDetector.g.cs", "model.provenance.json"];

    [TestMethod]
    public void A_classifier_is_exported_and_embedded_and_says_that_it_is_not_scored()
    {
        using var fixture = Project();
        fixture.Change(Generic + " Formats=\"tflite;onnx-qdq\"");
        var log = fixture.Build().MustSucceed().Output;
        Assert.Contains("a network whose outputs are no detector's for images of 40x24 pixels; nothing is trained", log);
        Assert.Contains("parts_detector: int8 export, calibrating on 11 of 12 training images", log);
        Assert.Contains("the first layer makes of RGB / 255 what the ONNX file expects: (pixel - [123.675, 116.28, 103.53]) / [58.395, 57.12, 57.375]", log);
        Assert.Contains("parts_detector: not scored: its outputs are no RTMDet detector's", log);
        Assert.AreEqual("40x24x3 square,disc\nTrue", fixture.Run());
        var digests = Made.ToDictionary(name => name, fixture.Digest);
        var times = Directory.GetFiles(fixture.Work(""), "*.stamp").ToDictionary(file => file, File.GetLastWriteTimeUtc);
        using (var metrics = JsonDocument.Parse(File.ReadAllBytes(fixture.Work("metrics.json"))))
        {
            Assert.AreEqual(digests["parts_detector.tflite"], metrics.RootElement.GetProperty("tflite").GetProperty("sha256").GetString());
            Assert.IsFalse(metrics.RootElement.TryGetProperty("metrics", out _), "a number that nobody measured");
        }

        using (var report = JsonDocument.Parse(File.ReadAllBytes(fixture.Work("export.json"))))
            Assert.AreEqual(1.0, report.RootElement.GetProperty("onnx")[0].GetProperty("withinOneStep").GetDouble());

        // The second build does nothing; a limit of size is judged as ever.
        log = fixture.Build().MustSucceed().Output;
        Assert.DoesNotContain("parts_detector:", log);
        foreach (var (file, time) in times)
            Assert.AreEqual(time, File.GetLastWriteTimeUtc(file), file);
        fixture.Build("-t:SscmaVerify").MustSucceed();
        fixture.Change(Generic + " Formats=\"tflite;onnx-qdq\" MaxModelSize=\"1KB\"");
        fixture.Build().MustFailWith("SSCMA4007");

        // No gate without evidence: one error however many thresholds there are, and the pass that was given without them is taken back.
        fixture.Change(Generic + " Formats=\"tflite;onnx-qdq\" MinMap=\"0\" MinMap50=\"0.5\"");
        var line = fixture.Build().MustFailWith("SSCMA4016");
        Assert.Contains("'parts_detector': there is no score for MinMap and MinMap50: its outputs are no RTMDet detector's", line);
        Assert.IsFalse(File.Exists(fixture.Work("gate.passed")));
        Assert.Contains("MinMap50", fixture.Build("-p:SscmaMinMap=0.1").MustFailWith("SSCMA4016"));

        // The firmware runs detectors only, and says so before anything is exported.
        fixture.Change(Given);
        Assert.Contains("TargetRuntime=\"generic\" exports any network as it is", fixture.Build().MustFailWith("SSCMA3006"));
    }

    [TestMethod]
    public void For_c_there_are_the_input_the_outputs_and_their_codes()
    {
        Programs.Need("g++");
        using var fixture = Project();
        OnnxFile.Write(SmallNetworks.Yolo(), fixture.PathOf("networks/classifier ü.onnx"));
        fixture.Write("Program.cs", "System.Console.WriteLine();");
        fixture.Change("Onnx=\"networks/classifier ü.onnx\" TargetRuntime=\"generic\" EmbedAs=\"C\"");
        fixture.Build().MustSucceed();
        fixture.Write("main.cc", """
            #include <cstdio>
            #include "parts_detector.h"
            #include "parts_detector_postprocess.h"
            namespace post = parts_detector_postprocess;
            static_assert(PARTS_DETECTOR_INPUT_WIDTH == 48 && PARTS_DETECTOR_INPUT_HEIGHT == 32 && PARTS_DETECTOR_INPUT_CHANNELS == 3, "input");
            static_assert(PARTS_DETECTOR_INPUT_ZERO_POINT == -128 && PARTS_DETECTOR_OUTPUT_COUNT == 1 && PARTS_DETECTOR_LABEL_COUNT == 2, "counts");
            static_assert(post::kOutputs == 1 && post::kOutput[0].size == PARTS_DETECTOR_OUTPUT_0_SIZE && PARTS_DETECTOR_OUTPUT_0_SIZE == 720, "output");
            static_assert(post::real(post::kOutput[0], -128) == 0.0f && post::real(post::kOutput[0], 0) == 0.5f, "codes of a sigmoid");
            int main() {
              std::printf("%u %s %s", parts_detector_tflite_size, parts_detector_labels[0], parts_detector_labels[1]);
              return parts_detector_tflite[4] == 'T' && PARTS_DETECTOR_OUTPUT_0_ZERO_POINT == -128 && PARTS_DETECTOR_ARENA_BYTES > 0 ? 0 : 1;
            }
            """);
        var compiled = Programs.Run(
            fixture.Work("embed"), "g++", "-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-I", ".", fixture.PathOf("main.cc"), "parts_detector.cc", "-o", "program");
        Assert.AreEqual(0, compiled.ExitCode, compiled.Errors);
        var ran = Programs.Run(fixture.Work("embed"), fixture.Work("embed/program"));
        Assert.AreEqual($"{new FileInfo(fixture.Work("parts_detector.tflite")).Length} square disc", System.Text.Encoding.UTF8.GetString(ran.Output));
        Assert.AreEqual(0, ran.ExitCode);
    }

    private static Fixture Project()
    {
        var fixture = new Fixture { Worker = Fixture.RealWorker, Properties = "<SscmaUseShippedConfigs>true</SscmaUseShippedConfigs>" };
        Drawing.Split(fixture.PathOf("data/train"), 12, seed: 1);
        Drawing.Split(fixture.PathOf("data/valid"), 2, seed: 2);
        Directory.CreateDirectory(fixture.PathOf("networks"));
        OnnxFile.Write(SmallNetworks.Classifier(), fixture.PathOf("networks/classifier ü.onnx"));
        fixture.Write("Program.cs", """
            using System;
            using System.Security.Cryptography;
            Console.WriteLine($"{App.PartsDetector.InputWidth}x{App.PartsDetector.InputHeight}x{App.PartsDetector.InputChannels} {string.Join(",", App.PartsDetector.Labels)}");
            Console.WriteLine(Convert.ToHexStringLower(SHA256.HashData(App.PartsDetector.ModelBytes)) == App.PartsDetector.Sha256);
            """);
        return fixture;
    }
}
