using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Sscma.Build.Worker.Embedding;
using Sscma.TestSupport;
using Sscma.Tflite;

namespace Sscma.Build.Worker.Tests;

/// <summary>One thing to decode: raw outputs in the model's order and what to ask.</summary>
/// <param name="Outputs">The codes.</param>
/// <param name="AsDevice">The firmware's view.</param>
/// <param name="Width">Width of the letterboxed image; 0: the network's input.</param>
/// <param name="Height">Its height.</param>
/// <param name="ScoreThreshold">Threshold of the score.</param>
/// <param name="IouThreshold">Threshold of the overlap.</param>
/// <param name="Candidates">Room for candidates; 0: for all.</param>
/// <param name="Detections">Room for detections; 0: for all.</param>
internal sealed record PostprocessCase(
    byte[][] Outputs, bool AsDevice, int Width, int Height, float ScoreThreshold, float IouThreshold, int Candidates = 0, int Detections = 0);

/// <summary>A box as the program prints it: the four numbers of its kind.</summary>
internal sealed record PrintedBox(int ClassIndex, double[] Numbers, double Score);

/// <summary>The generated post-process of a model in a small program, compiled by g++.</summary>
internal sealed class PostprocessProgram : IDisposable
{
    private static readonly string[] Strict =
        ["-std=c++17", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wdouble-promotion", "-Wpedantic", "-Werror", "-fno-exceptions", "-fno-rtti"];

    private readonly string _folder = TestPaths.Scratch();

    /// <summary>Generates and compiles.</summary>
    public PostprocessProgram(TfliteModel model, SscmaMetadata facts)
    {
        Programs.Need("g++");
        var proven = new ProvenDetector("a model.1", [], new string('0', 64), model, facts, null, null);
        File.WriteAllText(Path.Combine(_folder, "generated.h"), CPostprocess.Text(proven));
        var source = Path.Combine(TestPaths.Repository, "tests", "Sscma.Build.Worker.Tests", "Embedding", "postprocess_cases.cc");
        var compiled = Programs.Run(
            _folder, "g++", [.. Strict, "-DMODEL=a_model_1_postprocess", "-DHEADER=\"generated.h\"", "-I", _folder, source, "-o", "cases"]);
        Assert.AreEqual(0, compiled.ExitCode, compiled.Errors);
    }

    /// <summary>Decodes.</summary>
    public IReadOnlyList<IReadOnlyList<PrintedBox>> Run(IEnumerable<PostprocessCase> cases)
    {
        var path = Path.Combine(_folder, "cases.bin");
        using (var file = File.Create(path))
        {
            foreach (var asked in cases)
            {
                file.Write(MemoryMarshal.AsBytes<int>(new[] { asked.AsDevice ? 1 : 0, asked.Width, asked.Height, asked.Candidates, asked.Detections }));
                file.Write(MemoryMarshal.AsBytes<float>(new[] { asked.ScoreThreshold, asked.IouThreshold }));
                foreach (var output in asked.Outputs)
                    file.Write(output);
            }
        }

        var ran = Programs.Run(_folder, Path.Combine(_folder, "cases"), path);
        Assert.AreEqual(0, ran.ExitCode, ran.Errors);
        using var lines = new StringReader(Encoding.ASCII.GetString(ran.Output));
        var results = new List<IReadOnlyList<PrintedBox>>();
        while (lines.ReadLine() is { } count)
            results.Add([.. Enumerable.Range(0, int.Parse(count, CultureInfo.InvariantCulture)).Select(_ => Parse(lines.ReadLine()!))]);
        return results;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static PrintedBox Parse(string line)
    {
        var numbers = line.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new PrintedBox((int)numbers[0], numbers[1..5], numbers[5]);
    }
}
