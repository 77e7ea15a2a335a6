using Sscma.Build.Worker;
using Sscma.Files;

namespace Sscma.Build.StandIn;

/// <summary>
/// Metrics as SSCMA_STANDIN_MAP, SSCMA_STANDIN_MAP50 and SSCMA_STANDIN_TEST_MAP say (JSON values), else 0.6, 0.9 and 0.55; the device's view as
/// SSCMA_STANDIN_DEVICE says (a JSON value), else 0.5 and 0.8.
/// </summary>
internal sealed class EvaluateStandIn : IVerb
{
    public string Name => "evaluate";

    public void Run(WorkerOptions options, WorkerContext context)
    {
        var tflite = options.Required("tflite");
        var map = Environment.GetEnvironmentVariable("SSCMA_STANDIN_MAP") ?? "0.6";
        var map50 = Environment.GetEnvironmentVariable("SSCMA_STANDIN_MAP50") ?? "0.9";
        var testMap = Environment.GetEnvironmentVariable("SSCMA_STANDIN_TEST_MAP") ?? "0.55";
        var test = options.Keys.Any(key => key is "testAnnotations" or "test.count") ? $$""","test": { "metrics": { "mAP": {{testMap}}, "mAP50": 0.9 }, "device": { "metrics": { "mAP": 0.45, "mAP50": 0.7 } } }""" : "";
        var device = Environment.GetEnvironmentVariable("SSCMA_STANDIN_DEVICE") ?? """{ "metrics": { "mAP": 0.5, "mAP50": 0.8 } }""";
        AtomicFile.WriteAllText(options.Required("report"), "report\n");
        AtomicFile.WriteAllText(options.Required("metrics"), $$"""
            {
              "model": "{{options.Required("model")}}",
              "tflite": { "sha256": "{{Digest.OfFile(tflite)}}", "bytes": {{new FileInfo(tflite).Length}} },
              "metrics": { "mAP": {{map}}, "mAP50": {{map50}}, "mAP75": 0.5 },
              "perClass": [ { "name": "mAP", "AP": 1 } ],
              "device": {{device}}{{test}}
            }
            """);
    }
}
