using System.Diagnostics;
using System.Security.Cryptography;
using Sscma.Build.Tests.Support;

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

        fixture.Write("main.cc", """
            #include <cstdint>
            #include <cstdio>
            #include "parts_detector.h"
            #define COUNT(name) + 1
            static_assert(0 PARTS_DETECTOR_OPERATORS(COUNT) == PARTS_DETECTOR_OPERATOR_COUNT, "operators");
            static_assert(PARTS_DETECTOR_ARENA_BYTES > 0 && PARTS_DETECTOR_IMAGE_SIZE == 32 && PARTS_DETECTOR_INPUT_ZERO_POINT == -128, "facts");
            int main() {
              constexpr int strides[] = {PARTS_DETECTOR_STRIDES};
              if (sizeof(strides) / sizeof(*strides) != PARTS_DETECTOR_LEVEL_COUNT) return 1;
              if (reinterpret_cast<std::uintptr_t>(parts_detector_tflite) % 16 != 0) return 2;
              for (const char* label : parts_detector_labels) std::fprintf(stderr, "%s|", label);
              return std::fwrite(parts_detector_tflite, 1, PARTS_DETECTOR_BYTES, stdout) == PARTS_DETECTOR_BYTES ? 0 : 3;
            }
            """);
        if (!IsThere("g++"))
            Assert.Inconclusive("g++ is absent");
        var compiled = Start(fixture.Folder, "g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", "-I", fixture.Work("embed"), "main.cc", fixture.Work("embed/parts_detector.cc"), "-o", "main");
        Assert.AreEqual(0, compiled.ExitCode, compiled.Errors);
        var ran = Start(fixture.Folder, fixture.PathOf("main"));
        Assert.AreEqual(0, ran.ExitCode);
        Assert.AreEqual(Labels + "|", ran.Errors);
        Assert.AreEqual(Digest(File.ReadAllBytes(fixture.Work("parts_detector.tflite"))), Digest(ran.Output));
        Assert.Contains($"PARTS_DETECTOR_SHA256 \"{Digest(ran.Output)}\"", File.ReadAllText(fixture.Work("embed/parts_detector.h")));
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static bool IsThere(string program)
    {
        var folders = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator);
        return folders.Any(folder => File.Exists(Path.Combine(folder, program)));
    }

    private static (int ExitCode, byte[] Output, string Errors) Start(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return (process.ExitCode, output.ToArray(), errors.Result);
    }
}
