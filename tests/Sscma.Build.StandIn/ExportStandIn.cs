using Sscma.Build.Worker;
using Sscma.Build.Worker.Tests;
using Sscma.Files;
using Sscma.Tflite;

namespace Sscma.Build.StandIn;

/// <summary>A small sound detector with labels, which changes when the ONNX file changes.</summary>
internal sealed class ExportStandIn : IVerb
{
    public string Name => "export";

    public void Run(WorkerOptions options, WorkerContext context)
    {
        var labels = Environment.GetEnvironmentVariable("SSCMA_STANDIN_LABELS")?.Split('|') ?? ["bolt", "nut"];
        var model = SquareDetectorModel.Model(labels) with { Description = Digest.OfFile(options.Required("onnx")) };
        var description = $"{model.Description} {options.Optional("precision")} {options.Optional("calibration")} {options.Optional("equalize")}";
        var tflite = TfliteFile.Write(model with { Description = description });
        AtomicFile.WriteAllBytes(options.Required("tflite"), tflite);
        foreach (var path in new[] { "floatOnnx", "qdqOnnx" }.Select(options.Optional).OfType<string>())
            AtomicFile.WriteAllText(path, $"beside {Digest.OfBytes(tflite)}");
        AtomicFile.WriteAllText(
            Path.Combine(options.Required("workFolder"), "export.json"),
            $$"""{ "sha256": "{{Digest.OfBytes(tflite)}}", "arena": { "arenaBytes": {{MemoryPlan.Of(model).ArenaBytes}} } }""");
    }
}
