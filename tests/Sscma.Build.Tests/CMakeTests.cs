using Sscma.Build.Tests.Support;
using Sscma.TestSupport;

namespace Sscma.Build.Tests;

/// <summary>A CMake project that takes its model from a .NET project.</summary>
[TestClass]
public sealed class CMakeTests
{
    private const string Lists = """
        cmake_minimum_required(VERSION 3.20)
        project(Firmware LANGUAGES CXX ASM)
        if(HIDE_DOTNET)
          set(CMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH FALSE)
          set(CMAKE_FIND_USE_CMAKE_SYSTEM_PATH FALSE)
          unset(ENV{DOTNET_ROOT})
        endif()
        find_package(Sscma REQUIRED PATHS "${SSCMA_TARGETS}" NO_DEFAULT_PATH)
        sscma_add_model(parts PROJECT ../App.csproj MODEL parts_detector ${MORE})
        add_executable(firmware main.cc)
        target_link_libraries(firmware PRIVATE parts)
        """;

    private const string Main = """
        #include <cstdio>
        #include "parts_detector.h"
        #include "parts_detector_postprocess.h"
        int main() {
          std::printf("%u %s %d", parts_detector_tflite_size, parts_detector_labels[1], parts_detector_postprocess::kImageSize);
        }
        """;

    [TestMethod]
    [DataRow("Ninja", "ninja", "")]
    [DataRow("Unix Makefiles", "make", "INCBIN")]
    public void A_library_is_built_from_the_model_and_again_only_when_it_changed(string generator, string tool, string more)
    {
        using var fixture = Make(tool, more == "INCBIN" ? "Incbin" : "Source");
        Configure(fixture, "-G", generator, $"-DMORE={more}").MustSucceed();
        CMake(fixture, "--build", "out of tree ü").MustSucceed();
        Assert.AreEqual("train parts_detector, export parts_detector, evaluate parts_detector, embed parts_detector", string.Join(", ", fixture.Calls));
        var size = new FileInfo(fixture.Work("parts_detector.tflite")).Length;
        Assert.AreEqual($"{size} nut 32", Firmware(fixture));

        var library = fixture.PathOf("firmware ü/out of tree ü/libparts.a");
        var built = File.GetLastWriteTimeUtc(library);
        CMake(fixture, "--build", "out of tree ü").MustSucceed();
        Assert.IsEmpty(fixture.Calls, "up to date");
        Assert.AreEqual(built, File.GetLastWriteTimeUtc(library), "nothing was compiled");

        var digest = Digest(fixture);
        fixture.Change($"EmbedAs=\"C\" CArray=\"{(more == "INCBIN" ? "Incbin" : "Source")}\" Seed=\"7\"");
        CMake(fixture, "--build", "out of tree ü").MustSucceed();
        Assert.Contains("train parts_detector", fixture.Calls);
        Assert.AreNotEqual(digest, Digest(fixture), "the program holds the new model");
        Assert.AreNotEqual(built, File.GetLastWriteTimeUtc(library));
    }

    [TestMethod]
    public void What_is_missing_is_said()
    {
        using var fixture = Make("ninja", "Incbin");
        var hidden = Configure(fixture, "-G", "Ninja", "-DHIDE_DOTNET=ON");
        Assert.AreNotEqual(0, hidden.ExitCode);
        Assert.Contains("'dotnet' is not on the", hidden.Output);

        Directory.Delete(fixture.PathOf("firmware ü/out of tree ü"), recursive: true);
        Configure(fixture, "-G", "Ninja").MustSucceed();
        Assert.Contains("say INCBIN in sscma_add_model", Failed(CMake(fixture, "--build", "out of tree ü")));
        fixture.Change("EmbedAs=\"CSharp\"");
        Assert.Contains("made no C files of a model 'parts_detector'", Failed(CMake(fixture, "--build", "out of tree ü")));
    }

    [TestMethod]
    public void The_file_of_vela_and_two_models_of_one_project()
    {
        using var fixture = Make("ninja", "Source");
        FakeVela.Write(fixture, "tools");
        FakeVela.PutOnPath(fixture, "tools");
        fixture.Items += "<SscmaModel Include=\"other\" Dataset=\"parts\" EmbedAs=\"C\" Seed=\"3\" />";
        fixture.Save();
        fixture.Write("firmware ü/CMakeLists.txt", Lists
            .Replace("${MORE})", "VELA PROPERTIES \"SscmaVelaArgs=--accelerator-config ethos-u55-64\")\nsscma_add_model(another PROJECT ../App.csproj MODEL other)", StringComparison.Ordinal)
            .Replace("PRIVATE parts", "PRIVATE parts another", StringComparison.Ordinal));
        fixture.Write("firmware ü/main.cc", "#include \"other.h\"\n" + Main.Replace("parts_detector", "parts_detector_vela", StringComparison.Ordinal));
        Configure(fixture, "-G", "Ninja").MustSucceed();
        CMake(fixture, "--build", "out of tree ü").MustSucceed();
        Assert.AreEqual($"{new FileInfo(fixture.Work("vela/parts_detector_vela.tflite")).Length} nut 32", Firmware(fixture));
        Assert.Contains("--accelerator-config ethos-u55-64 --output-dir", File.ReadAllText(fixture.PathOf("tools/calls")));
    }

    private static Fixture Make(string tool, string array)
    {
        Programs.Need("cmake");
        Programs.Need("g++");
        Programs.Need(tool);
        var fixture = new Fixture();
        fixture.Change($"EmbedAs=\"C\" CArray=\"{array}\"");
        fixture.Write("firmware ü/CMakeLists.txt", Lists);
        fixture.Write("firmware ü/main.cc", Main);
        return fixture;
    }

    private static BuildResult Configure(Fixture fixture, params string[] arguments) =>
        CMake(fixture, ["-S", ".", "-B", "out of tree ü", $"-DSSCMA_TARGETS={TestPaths.Repository}targets", .. arguments]);

    private static BuildResult CMake(Fixture fixture, params string[] arguments) =>
        DotNet.RunProgram("cmake", fixture.PathOf("firmware ü"), fixture.Environment, arguments);

    private static string Failed(BuildResult result)
    {
        Assert.AreNotEqual(0, result.ExitCode, result.Output);
        // CMake wraps its messages.
        return string.Join(' ', result.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Firmware(Fixture fixture) =>
        System.Text.Encoding.UTF8.GetString(Programs.Run(fixture.Folder, fixture.PathOf("firmware ü/out of tree ü/firmware")).Output);

    private static string Digest(Fixture fixture) => Sscma.Files.Digest.OfFile(fixture.PathOf("firmware ü/out of tree ü/firmware"));
}
