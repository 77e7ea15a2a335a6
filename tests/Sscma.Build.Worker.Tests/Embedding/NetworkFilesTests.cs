using Sscma.Build.Worker.Embedding;
using Sscma.Build.Worker.Verbs;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Onnx;
using Sscma.Quantization;
using Sscma.Quantization.Tests;
using Sscma.TestSupport;
using Sscma.Tflite;

namespace Sscma.Build.Worker.Tests;

/// <summary>What is generated of a plain network: nothing that a decoder would need, and no score.</summary>
[TestClass]
public sealed class NetworkFilesTests
{
    private readonly string _folder = TestPaths.Scratch();

    [TestCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_class_tells_the_input_and_no_score()
    {
        var model = PlainNetworks.Classifier(channels: 1);
        model.Metadata[OnnxMetadata.Labels] = "[\"a\",\"Mutter \\\"M5\\\"\"]";
        model.Metadata[OnnxMetadata.Resize] = "Stretch";
        var text = CSharpAccessor.Text(Proven(model, Precision.Int8), "App", "Kinds");
        foreach (var part in new[] { "InputHeight = 24;", "InputWidth = 40;", "InputChannels = 1;", "Resize = \"Stretch\";", "new string[] { \"a\", \"Mutter \\\"M5\\\"\" }", "it was not scored" })
            Assert.Contains(part, text);
        foreach (var part in new[] { "ImageSize", "Average", "Strides", "Threshold", "PointOffset" })
            Assert.DoesNotContain(part, text);
    }

    [TestMethod]
    [DataRow(Precision.Int8, "std::int8_t")]
    [DataRow(Precision.Int16x8, "std::int16_t")]
    [DataRow(Precision.Float16, "float")]
    public void C_and_Cpp_compile_without_a_warning_and_know_how_codes_become_reals(Precision precision, string code)
    {
        Programs.Need("g++");
        var proven = Proven(PlainNetworks.DistributionHead(), precision);
        foreach (var (name, content) in CFiles.Of(proven, incbin: false))
            File.WriteAllBytes(Path.Combine(_folder, name), content);
        File.WriteAllText(Path.Combine(_folder, "main.c"), "#include \"plain.h\"\nint main(void) { return PLAIN_OUTPUT_2_SIZE == 96 && plain_tflite_size == PLAIN_BYTES ? 0 : 1; }\n");
        File.WriteAllText(Path.Combine(_folder, "main.cc"), $$"""
            #include <type_traits>
            #include "plain.h"
            #include "plain_postprocess.h"
            namespace post = plain_postprocess;
            static_assert(std::is_same<post::Code, {{code}}>::value, "code");
            static_assert(PLAIN_INPUT_WIDTH == 32 && PLAIN_INPUT_HEIGHT == 32 && PLAIN_INPUT_CHANNELS == 3 && PLAIN_LABEL_COUNT == 0, "input");
            static_assert(post::kOutputs == PLAIN_OUTPUT_COUNT && PLAIN_OUTPUT_COUNT == 3 && post::kOutput[1].size == PLAIN_OUTPUT_1_SIZE && PLAIN_OUTPUT_1_SIZE == 32, "outputs");
            static_assert(post::real(post::kOutput[1], PLAIN_OUTPUT_1_ZERO_POINT) == 0.0f, "zero");
            static_assert(post::real(post::kOutput[1], 16 + PLAIN_OUTPUT_1_ZERO_POINT) == 16 * PLAIN_OUTPUT_1_SCALE, "scale");
            int main() { return plain_tflite[4] == 'T' ? 0 : 1; }
            """);
        string[] strict = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wpedantic", "-Werror", "-I", "."];
        Compile("g++", [.. strict, "-std=c++17", "main.cc", "plain.cc", "-o", "program"]);
        Compile("gcc", [.. strict, "-std=c99", "-c", "main.c"]);
        Assert.AreEqual(0, Programs.Run(_folder, Path.Combine(_folder, "program")).ExitCode);
        Assert.Contains("// A plain network: not scored.", File.ReadAllText(Path.Combine(_folder, "plain.h")));
    }

    [TestMethod]
    public void A_file_that_does_not_say_what_it_is_gets_none_of_it()
    {
        var silent = TfliteFile.Read(Proven(PlainNetworks.Classifier(), Precision.Int8).Bytes) with { Metadata = new Dictionary<string, byte[]>() };
        Assert.AreEqual(Codes.ModelWithoutFacts, Assert.ThrowsExactly<DiagnosticException>(() => Read(TfliteFile.Write(silent))).Diagnostic.Code);
    }

    [TestMethod]
    public void Vela_may_not_change_the_inputs_and_outputs()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("the stand-in for Vela is a shell script");
            return;
        }

        File.WriteAllBytes(Path.Combine(_folder, "wide.tflite"), Proven(PlainNetworks.Classifier(), Precision.Int16x8).Bytes);
        File.WriteAllBytes(Path.Combine(_folder, "same.tflite"), Proven(PlainNetworks.Classifier(), Precision.Int8).Bytes);
        File.WriteAllText(Path.Combine(_folder, "vela"), "#!/bin/sh\ncp \"$1.tflite\" \"$3/plain_vela.tflite\"\n");
        File.SetUnixFileMode(Path.Combine(_folder, "vela"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Run("same");
        Assert.AreEqual(Digest.OfFile(Path.Combine(_folder, "same.tflite")), Digest.OfFile(Path.Combine(_folder, "vela.out", "plain_vela.tflite")));
        Assert.Contains("with other inputs or outputs", Assert.ThrowsExactly<DiagnosticException>(() => Run("wide")).Diagnostic.Message);

        void Run(string made) => new VelaVerb().Run(
            new WorkerOptions(new Dictionary<string, string>
            {
                ["model"] = "plain",
                ["project"] = Path.Combine(_folder, "App.csproj"),
                ["workFolder"] = _folder,
                ["outputFolder"] = Path.Combine(_folder, "vela.out"),
                ["tflite"] = Path.Combine(_folder, "plain.tflite"),
                ["metrics"] = Path.Combine(_folder, "metrics.json"),
                ["velaProgram"] = Path.Combine(_folder, "vela"),
                ["velaArgs"] = made,
                ["embedAs"] = "None",
            }),
            new WorkerContext(new DiagnosticList(), TextWriter.Null, CancellationToken.None));
    }

    private ProvenModel Proven(OnnxModel model, Precision precision)
    {
        var size = model.Inputs[0].Shape!;
        var options = new ExportOptions { AnyNetwork = true, Precision = precision };
        return Read(TfliteExporter.Export(model, Graphs.Pictures(12, (int)size[1], (int)size[2], (int)size[3]), options, new DiagnosticList()).Tflite);
    }

    private ProvenModel Read(byte[] tflite)
    {
        var (file, metrics) = (Path.Combine(_folder, "plain.tflite"), Path.Combine(_folder, "metrics.json"));
        File.WriteAllBytes(file, tflite);
        File.WriteAllText(metrics, $$"""{ "tflite": { "sha256": "{{Digest.OfBytes(tflite)}}" }, "notScored": "it is plain" }""");
        return ProvenModel.Read("plain", file, metrics);
    }

    private void Compile(string compiler, string[] arguments)
    {
        var compiled = Programs.Run(_folder, compiler, arguments);
        Assert.AreEqual(0, compiled.ExitCode, compiled.Errors);
    }
}
