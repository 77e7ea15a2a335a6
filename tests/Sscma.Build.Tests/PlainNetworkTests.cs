using System.Text.Json;
using Sscma.Build.Tests.Support;
using Sscma.Onnx;
using Sscma.Quantization.Tests;
using Sscma.TestSupport;

namespace Sscma.Build.Tests;

/// <summary>An ONNX file that is no detector, with the worker that ships.</summary>
[TestClass]
public sealed class PlainNetworkTests
{
    private const string Generic = "Onnx=\"kinds ü.onnx\" TargetRuntime=\"generic\" InputMean=\"127.5\" InputStd=\"255\" ";

    [TestMethod]
    public void A_classifier_is_exported_once_and_embedded_and_never_scored()
    {
        using var fixture = Project(PlainNetworks.Classifier(channels: 1));
        fixture.Write("Program.cs", """
            using System;
            using System.Security.Cryptography;
            Console.WriteLine($"{App.PartsDetector.InputWidth}x{App.PartsDetector.InputHeight}x{App.PartsDetector.InputChannels} {App.PartsDetector.Resize} {App.PartsDetector.Labels.Count}");
            Console.WriteLine(Convert.ToHexStringLower(SHA256.HashData(App.PartsDetector.ModelBytes)) == App.PartsDetector.Sha256);
            """);

        fixture.Change("Onnx=\"kinds ü.onnx\"");
        Assert.Contains("set TargetRuntime=\"generic\"", fixture.Build().MustFailWith("SSCMA3006"));

        fixture.Change(Generic);
        var log = fixture.Build().MustSucceed().Output;
        Assert.Contains("parts_detector: the file is no RTMDet detector (the input must be a square image", log);
        Assert.Contains("int8 export, calibrating on 12 of 12 training images", log);
        Assert.Contains("the first layer makes of pixel / 255 what the ONNX file expects: (pixel - 127.5) / 255", log);
        Assert.Contains("parts_detector: not scored: the .tflite file is a plain network", log);
        Assert.AreEqual("40x24x1 KeepRatio 0\nTrue", fixture.Run());
        Assert.AreEqual(fixture.Digest("parts_detector.tflite"), fixture.Digest("embed/parts_detector.tflite"));
        Assert.IsGreaterThan(0, File.ReadAllBytes(fixture.Work("parts_detector.tflite")).AsSpan().IndexOf("\"channels\":\"GREY\""u8));
        using var metrics = JsonDocument.Parse(File.ReadAllBytes(fixture.Work("metrics.json")));
        Assert.AreEqual("model tflite notScored", string.Join(' ', metrics.RootElement.EnumerateObject().Select(entry => entry.Name)), "no number stands in it");
        Assert.AreEqual(fixture.Digest("parts_detector.tflite"), metrics.RootElement.GetProperty("tflite").GetProperty("sha256").GetString());
        Assert.Contains("parts_detector.tflite", File.ReadAllText(fixture.Work("model.provenance.json")));
        fixture.Build("-t:SscmaVerify").MustSucceed();

        string[] made = ["model.onnx", "parts_detector.tflite", "export.json", "metrics.json", "embed/parts_detector.tflite", "embed/PartsDetector.g.cs", "model.provenance.json"];
        var times = made.Select(file => File.GetLastWriteTimeUtc(fixture.Work(file))).ToList();
        log = fixture.Build().MustSucceed().Output;
        Assert.DoesNotContain("not scored", log);
        CollectionAssert.AreEqual(times, made.Select(file => File.GetLastWriteTimeUtc(fixture.Work(file))).ToList());

        // A score is asked for: one error however many thresholds there are, and the pass that was given without them is taken back.
        Assert.Contains("MinMap=0 and MinMap50=0.5 cannot be judged", fixture.Build("-p:SscmaMinMap=0", "-p:SscmaMinMap50=0.5").MustFailWith("SSCMA4016"));
        Assert.IsFalse(File.Exists(fixture.Work("gate.passed")));
        fixture.Change(Generic + "MaxModelSize=\"1KB\"");
        Assert.Contains("more than MaxModelSize 1KB", fixture.Build().MustFailWith("SSCMA4007"));
        CollectionAssert.AreEqual(times.Take(4).ToList(), made.Take(4).Select(file => File.GetLastWriteTimeUtc(fixture.Work(file))).ToList(), "a gate runs nothing again");
    }

    [TestMethod]
    public void For_C_there_are_the_input_the_outputs_and_their_codes_and_Vela_leaves_them()
    {
        Programs.Need("g++");
        var model = PlainNetworks.OneOutput();
        model.Metadata[OnnxMetadata.Labels] = "[\"square\",\"disc\"]";
        using var fixture = Project(model);
        FakeVela.Write(fixture, "tools");
        fixture.Write("Program.cs", "System.Console.WriteLine();");
        fixture.Change("Onnx=\"kinds ü.onnx\" TargetRuntime=\"generic\" EmbedAs=\"C\"");
        fixture.Build("-p:SscmaVela=tools/vela").MustSucceed();
        foreach (var name in new[] { "embed/parts_detector", "vela/parts_detector_vela" })
        {
            var (symbol, macro) = (Path.GetFileName(name), Path.GetFileName(name).ToUpperInvariant());
            fixture.Write("main.cc", $$"""
                #include <cstdio>
                #include "{{symbol}}.h"
                #include "{{symbol}}_postprocess.h"
                namespace post = {{symbol}}_postprocess;
                static_assert({{macro}}_INPUT_WIDTH == 48 && {{macro}}_INPUT_HEIGHT == 32 && {{macro}}_INPUT_CHANNELS == 3, "input");
                static_assert({{macro}}_INPUT_ZERO_POINT == -128 && {{macro}}_OUTPUT_COUNT == 1 && {{macro}}_LABEL_COUNT == 2, "counts");
                static_assert(post::kOutputs == 1 && post::kOutput[0].size == {{macro}}_OUTPUT_0_SIZE && {{macro}}_OUTPUT_0_SIZE == 840, "output");
                static_assert(post::real(post::kOutput[0], -128) == 0.0f && post::real(post::kOutput[0], 0) == 0.5f, "codes of a sigmoid");
                int main() {
                  std::printf("%u %s %s", {{symbol}}_tflite_size, {{symbol}}_labels[0], {{symbol}}_labels[1]);
                  return {{symbol}}_tflite[4] == 'T' && {{macro}}_OUTPUT_0_ZERO_POINT == -128 && {{macro}}_ARENA_BYTES > 0 ? 0 : 1;
                }
                """);
            var folder = Path.GetDirectoryName(fixture.Work(name))!;
            var compiled = Programs.Run(
                folder, "g++", "-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-I", ".", fixture.PathOf("main.cc"), $"{symbol}.cc", "-o", "program");
            Assert.AreEqual(0, compiled.ExitCode, compiled.Errors);
            var ran = Programs.Run(folder, Path.Combine(folder, "program"));
            Assert.AreEqual($"{new FileInfo(fixture.Work("parts_detector.tflite")).Length} square disc", System.Text.Encoding.UTF8.GetString(ran.Output));
            Assert.AreEqual(0, ran.ExitCode);
        }
    }

    private static Fixture Project(OnnxModel model)
    {
        var fixture = new Fixture { Worker = Fixture.RealWorker, Properties = "<SscmaUseShippedConfigs>true</SscmaUseShippedConfigs>" };
        Drawing.Split(fixture.PathOf("data/train"), 12, seed: 1);
        Drawing.Split(fixture.PathOf("data/valid"), 2, seed: 2);
        OnnxFile.Write(model, fixture.PathOf("kinds ü.onnx"));
        return fixture;
    }
}
