using System.Security.Cryptography;
using Sscma.Build.Tests.Support;
using Sscma.TestSupport;

namespace Sscma.Build.Tests;

/// <summary>What the product gets.</summary>
[TestClass]
public sealed class EmbeddingTests
{
    // A quote, a backslash, another script, a trigraph, a digit after a letter beyond ASCII, a comment's end.
    private const string Labels = "say \"nut\"|a\\b|螺母|??/x|ü7|*/";

    [TestMethod]
    public void Labels_of_any_kind_compile_in_csharp()
    {
        using var fixture = new Fixture();
        fixture.Environment["SSCMA_STANDIN_LABELS"] = Labels;
        fixture.Build().MustSucceed();
        Assert.StartsWith(Labels.Replace('|', ',') + " 32\nTrue", fixture.Run());
    }

    [TestMethod]
    public void The_c_files_compile_without_a_warning_and_hold_the_models_bytes()
    {
        using var fixture = new Fixture();
        fixture.Environment["SSCMA_STANDIN_LABELS"] = Labels;
        fixture.Write("Program.cs", "System.Console.WriteLine();");
        fixture.Change("EmbedAs=\"c\" MinMap=\"0.5\"");
        fixture.Build().MustSucceed();
        Assert.DoesNotContain("parts_detector.tflite", File.ReadAllText(fixture.PathOf("bin/Debug/net10.0/App.dll"), System.Text.Encoding.Latin1));
        Assert.IsFalse(File.Exists(fixture.Work("embed/PartsDetector.g.cs")));
        CollectionAssert.AreEqual(
            new[] { "parts_detector.cc", "parts_detector.h", "parts_detector.tflite", "parts_detector_postprocess.h" },
            Directory.GetFiles(fixture.Work("embed")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        fixture.Write("main.cc", CMain);
        Programs.Need("g++");
        CompileAndRun(fixture, "g++", "parts_detector.cc");

        // The same from the assembler: nothing but the embedding runs again, and the source holds no bytes any more.
        _ = fixture.Calls;
        fixture.Change("EmbedAs=\"C\" CArray=\"incbin\" MinMap=\"0.5\"");
        fixture.Build().MustSucceed();
        Assert.AreEqual("embed parts_detector", string.Join(", ", fixture.Calls));
        Assert.DoesNotContain("0x", File.ReadAllText(fixture.Work("embed/parts_detector.cc")));
        CompileAndRun(fixture, "g++", "parts_detector.cc", "parts_detector.S");
        if (Programs.IsThere("clang++"))
            CompileAndRun(fixture, "clang++", "parts_detector.cc", "parts_detector.S");

        fixture.Change("EmbedAs=\"C\" CArray=\"Hex\"");
        Assert.Contains("CArray of the model 'parts_detector' is 'Hex'; it is one of Source, Incbin", fixture.Build().MustFailWith("SSCMA5005"));
    }

    [TestMethod]
    public void Two_models_with_the_same_c_names_are_an_error()
    {
        using var fixture = new Fixture();
        fixture.Items = Fixture.Item(model: "a-b", metadata: "EmbedAs=\"C\"") + "<SscmaModel Include=\"a.B\" Dataset=\"parts\" EmbedAs=\"C\" />";
        fixture.Save();
        Assert.Contains("'a-b' and 'a.B' would both have the C names a_b_", fixture.Build().MustFailWith("SSCMA5002"));
    }

    private const string CMain = """
        #include <cstdint>
        #include <cstdio>
        #include "parts_detector.h"
        #include "parts_detector_postprocess.h"
        #define COUNT(name) + 1
        static_assert(0 PARTS_DETECTOR_OPERATORS(COUNT) == PARTS_DETECTOR_OPERATOR_COUNT, "operators");
        static_assert(PARTS_DETECTOR_ARENA_BYTES > 0 && PARTS_DETECTOR_IMAGE_SIZE == 32 && PARTS_DETECTOR_INPUT_ZERO_POINT == -128, "facts");
        static_assert(PARTS_DETECTOR_OUTPUT_COUNT == 6 && PARTS_DETECTOR_SCORES_8_INDEX == 0 && PARTS_DETECTOR_BOXES_32_INDEX == 5, "outputs");
        static_assert(PARTS_DETECTOR_SCORES_16_CELLS == 4 && PARTS_DETECTOR_SCORES_16_CHANNELS == PARTS_DETECTOR_SCORE_CHANNELS, "shapes");
        static_assert(PARTS_DETECTOR_SCORES_8_SCALE == 0.25f && PARTS_DETECTOR_BOXES_8_SCALE == 0.01f && PARTS_DETECTOR_BOXES_8_ZERO_POINT == 0, "scales");
        static_assert(parts_detector_postprocess::kLabels == PARTS_DETECTOR_LABEL_COUNT && parts_detector_postprocess::kCells == 16 + 4 + 1, "post-process");
        int main() {
          constexpr int strides[] = {PARTS_DETECTOR_STRIDES};
          if (sizeof(strides) / sizeof(*strides) != PARTS_DETECTOR_LEVEL_COUNT) return 1;
          if (reinterpret_cast<std::uintptr_t>(parts_detector_tflite) % 16 != 0) return 2;
          for (const char* label : parts_detector_labels) std::fprintf(stderr, "%s|", label);
          return std::fwrite(parts_detector_tflite, 1, parts_detector_tflite_size, stdout) == PARTS_DETECTOR_BYTES ? 0 : 3;
        }
        """;

    private static void CompileAndRun(Fixture fixture, string compiler, params string[] sources)
    {
        var compiled = Programs.Run(
            fixture.Folder, compiler,
            ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-fno-exceptions", "-fno-rtti", "-I", fixture.Work("embed"), "main.cc", .. sources.Select(source => fixture.Work($"embed/{source}")), "-o", "main"]);
        Assert.AreEqual(0, compiled.ExitCode, compiled.Errors);
        Assert.AreEqual("", compiled.Errors);
        var ran = Programs.Run(fixture.Folder, fixture.PathOf("main"));
        Assert.AreEqual(0, ran.ExitCode);
        Assert.AreEqual(Labels + "|", ran.Errors);
        Assert.AreEqual(Digest(File.ReadAllBytes(fixture.Work("parts_detector.tflite"))), Digest(ran.Output));
        Assert.Contains("// As the SSCMA-Micro firmware looks and reports: mAP 0.5000, mAP50 0.8000.\n", File.ReadAllText(fixture.Work("embed/parts_detector.h")));
        Assert.Contains($"PARTS_DETECTOR_SHA256 \"{Digest(ran.Output)}\"", File.ReadAllText(fixture.Work("embed/parts_detector.h")));
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
