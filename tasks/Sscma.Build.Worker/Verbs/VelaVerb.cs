using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Sscma.Build.Worker.Embedding;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Tflite;
using Sscma.Tflite.Detection;

namespace Sscma.Build.Worker.Verbs;

/// <summary>
/// <c>vela</c>: Arm's compiler turns a .tflite that passed its gate into one whose operators run on an Ethos-U. Its inputs and outputs stay what they
/// were, which is checked; with EmbedAs="C" the same files for C and C++ are made of it.
/// </summary>
internal sealed class VelaVerb : IVerb
{
    private const int LinesTold = 8;

    /// <inheritdoc/>
    public string Name => "vela";

    /// <inheritdoc/>
    public void Run(WorkerOptions options, WorkerContext context)
    {
        var name = options.Required("model");
        var folder = options.Required("outputFolder");
        var proven = ProvenModel.Read(name, options.Required("tflite"), options.Required("metrics"));
        var bytes = Compile(options, context);
        var model = Check(bytes, proven, options.Required("project"));
        var files = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal) { [$"{name}_vela.tflite"] = bytes };
        if (options.Required("embedAs") == "C")
        {
            var measured = proven is ProvenDetector detector ? detector with { MeasuredOn = $"{name}.tflite, of which Vela made this file" } : proven;
            var compiled = measured with { Name = $"{name}_vela", Bytes = bytes, Sha256 = Digest.OfBytes(bytes), Model = model };
            foreach (var (file, content) in CFiles.Of(compiled, incbin: options.Required("cArray") == "Incbin"))
                files[file] = content;
        }

        OutputFolder.Replace(folder, files);
        context.Console.WriteLine($"{name}: {string.Join(", ", files.Keys)} in '{folder}'");
    }

    private static byte[] Compile(WorkerOptions options, WorkerContext context)
    {
        var scratch = Path.Combine(options.Required("workFolder"), "vela.tmp");
        Directory.CreateDirectory(scratch);
        try
        {
            Start(options, context, scratch);
            var made = Path.Combine(scratch, $"{Path.GetFileNameWithoutExtension(options.Required("tflite"))}_vela.tflite");
            return File.Exists(made) ? File.ReadAllBytes(made) : throw Failed(options, $"ended without '{Path.GetFileName(made)}'", []);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static void Start(WorkerOptions options, WorkerContext context, string scratch)
    {
        var start = new ProcessStartInfo(options.Required("velaProgram"))
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(options.Required("project")),
        };
        foreach (var argument in (string[])[.. Arguments(options.Optional("velaArgs") ?? ""), "--output-dir", scratch, options.Required("tflite")])
            start.ArgumentList.Add(argument);
        var lines = new List<string>();
        using var process = Begin(start, options);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using (context.Cancellation.Register(() => process.Kill(entireProcessTree: true)))
            process.WaitForExit();
        context.Cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
            throw Failed(options, string.Create(CultureInfo.InvariantCulture, $"ended with exit code {process.ExitCode}"), lines);

        void Take(string? line)
        {
            if (string.IsNullOrWhiteSpace(line))
                return;
            lock (lines)
                lines.Add(line.Trim());
            context.Console.WriteLine($"{options.Required("model")}: vela: {line}");
        }
    }

    private static Process Begin(ProcessStartInfo start, WorkerOptions options)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception broken)
        {
            throw Failed(options, $"cannot be started: {broken.Message}", []);
        }
    }

    /// <summary>The compiled file must be called as the proven one is: the firmware and our post-process know nothing else.</summary>
    private static TfliteModel Check(byte[] bytes, ProvenModel proven, string project)
    {
        var model = TfliteFile.Read(bytes);
        if (proven is ProvenDetector ? IsCalledAlike(DetectorLayout.Of(proven.Model), DetectorLayout.Of(model)) : Calling(proven.Model).SequenceEqual(Calling(model)))
            return model;
        throw new DiagnosticException(
            Codes.VelaFailed, $"Vela made of the model '{proven.Name}' a file with other inputs or outputs. Leave out options of SscmaVelaArgs that change them.", project);
    }

    private static bool IsCalledAlike(DetectorLayout before, DetectorLayout after) => before.ImageSize == after.ImageSize && before.Levels[0].Classes == after.Levels[0].Classes;

    /// <summary>Inputs and outputs in their order: types, shapes, codes.</summary>
    private static IEnumerable<string> Calling(TfliteModel model) => model.Inputs.Concat(model.Outputs).Select(index => model.Tensors[index]).Select(tensor => string.Create(
        CultureInfo.InvariantCulture, $"{tensor.Type} [{string.Join(',', tensor.Shape)}] {tensor.Quantization?.Scales[0]} {tensor.Quantization?.ZeroPoints[0]}"));

    /// <summary>Words apart by blanks; blanks between quotes belong to a word.</summary>
    private static IEnumerable<string> Arguments(string text)
    {
        var parts = text.Split('"');
        var (word, open) = ("", false);
        for (var i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 1)
            {
                (word, open) = (word + parts[i], true);
                continue;
            }

            var words = parts[i].Split((char[]?)null);
            for (var k = 0; k < words.Length; k++)
            {
                if (k > 0)
                {
                    if (open || word.Length > 0)
                        yield return word;
                    (word, open) = ("", false);
                }

                word += words[k];
            }
        }

        if (open || word.Length > 0)
            yield return word;
    }

    private static DiagnosticException Failed(WorkerOptions options, string how, List<string> lines)
    {
        var told = lines.Count == 0 ? "" : $" It said: {string.Join(" / ", lines.TakeLast(LinesTold))}";
        return new DiagnosticException(
            Codes.VelaFailed, $"Vela ({options.Required("velaProgram")}) {how} for the model '{options.Required("model")}'; check SscmaVelaArgs.{told}", options.Required("project"));
    }
}
