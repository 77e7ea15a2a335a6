using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>Without evidence there is no pass.</summary>
[TestClass]
public sealed class GateTests
{
    [TestMethod]
    [DataRow("null", "SSCMA4003", DisplayName = "null")]
    [DataRow("-1", "SSCMA4003", DisplayName = "-1, which is COCO's word for nothing to measure")]
    [DataRow("\"0.9\"", "SSCMA4003", DisplayName = "a text")]
    [DataRow("1e400", "SSCMA4003", DisplayName = "infinite")]
    [DataRow("0.84999", "SSCMA4002", DisplayName = "just below")]
    [DataRow("tru", "SSCMA4004", DisplayName = "broken JSON")]
    public void A_metric_without_a_number_never_passes(string metric, string code)
    {
        using var fixture = new Fixture();
        fixture.Environment["SSCMA_STANDIN_MAP50"] = metric;
        var line = fixture.Build().MustFailWith(code);
        Assert.Contains("'parts_detector'", line);
        Assert.IsFalse(File.Exists(fixture.PathOf("bin/Debug/net10.0/App.dll")));
        Assert.IsFalse(Directory.Exists(fixture.Work("embed")));
    }

    [TestMethod]
    public void A_metric_that_equals_its_threshold_passes_and_an_undefined_one_without_a_threshold_does_not_matter()
    {
        using var fixture = new Fixture();
        fixture.Environment["SSCMA_STANDIN_MAP"] = "null";
        fixture.Environment["SSCMA_STANDIN_MAP50"] = "0.85";
        fixture.Change("MinMap50=\"0.85\"");
        fixture.Build().MustSucceed();
        Assert.EndsWith("NaN 0.85", fixture.Run());
    }

    [TestMethod]
    public void A_file_too_large_for_the_device_is_an_error_and_a_changed_limit_runs_nothing_again()
    {
        using var fixture = new Fixture();
        fixture.Change("Precision=\"INT16x8\" TargetRuntime=\"generic\" Calibration=\"auto\" MaxModelSize=\"64KiB\" MaxArenaSize=\"0.5MB\"");
        fixture.Build().MustSucceed();
        Assert.Contains("int16x8 auto", File.ReadAllText(fixture.Work("parts_detector.tflite")), "the settings reach the worker");
        Assert.Contains("precision=int16x8\n", File.ReadAllText(fixture.Work("export.key")));
        _ = fixture.Calls;

        fixture.Change("Precision=\"int16x8\" TargetRuntime=\"generic\" Calibration=\"Auto\" MaxModelSize=\"1KB\"");
        Assert.Contains("more than MaxModelSize 1KB", fixture.Build().MustFailWith("SSCMA4007"));
        fixture.Change("Precision=\"int16x8\" TargetRuntime=\"generic\" Calibration=\"auto\" MaxArenaSize=\"100\"");
        Assert.Contains("more than MaxArenaSize 100", fixture.Build().MustFailWith("SSCMA4008"));
        File.Delete(fixture.Work("export.json"));
        fixture.Build().MustFailWith("SSCMA4009");
        Assert.IsEmpty(fixture.Calls);

        fixture.Change("TargetRuntime=\"generic\" Calibration=\"minmax\"");
        fixture.Build().MustSucceed();
        Assert.AreEqual("export parts_detector; evaluate parts_detector; embed parts_detector", string.Join("; ", fixture.Calls));
    }

    [TestMethod]
    public void What_a_device_sees_has_thresholds_of_its_own_which_run_only_the_gate()
    {
        using var fixture = new Fixture();
        fixture.Change("MinMap=\"0.6\" MinDeviceMap=\"0.5\" MinDeviceMap50=\"0.8\"");
        var log = fixture.Build().MustSucceed().Output;
        Assert.Contains("parts_detector: device mAP 0.5000 reaches MinDeviceMap 0.5", log);
        Assert.Contains("parts_detector: device mAP50 0.8000 reaches MinDeviceMap50 0.8", log);
        _ = fixture.Calls;

        fixture.Change("MinMap=\"0.6\" MinDeviceMap=\"0.51\"");
        Assert.Contains("'parts_detector': device mAP of the .tflite file is 0.5000, below MinDeviceMap 0.51", fixture.Build().MustFailWith("SSCMA4002"));
        Assert.Contains("device mAP50 of the .tflite file is 0.8000, below MinDeviceMap50 0.9", fixture.Build("-p:SscmaMinDeviceMap=0.1", "-p:SscmaMinDeviceMap50=0.9").MustFailWith("SSCMA4002"));
        fixture.Change("MinDeviceMap=\"50%\"");
        fixture.Build().MustFailWith("SSCMA4001");
        Assert.IsEmpty(fixture.Calls);
    }

    [TestMethod]
    public void A_device_that_was_not_asked_never_passes()
    {
        using var fixture = new Fixture();
        fixture.Change("MinDeviceMap=\"0\"");
        foreach (var (device, message) in new[]
        {
            ("{}", "device mAP could not be computed"),
            ("""{ "metrics": { "mAP": null, "mAP50": 0.9 } }""", "device mAP could not be computed"),
            ("""{ "metrics": { "mAP": -1 } }""", "device mAP could not be computed"),
            ("null", "the metrics tell nothing of it"),
        })
        {
            if (File.Exists(fixture.Work("metrics.json")))
                File.Delete(fixture.Work("metrics.json"));
            fixture.Environment["SSCMA_STANDIN_DEVICE"] = device;
            Assert.Contains(message, fixture.Build().MustFailWith("SSCMA4003"));
        }

        fixture.Change("MinMap=\"0.6\"");
        fixture.Build().MustSucceed();
    }

    [TestMethod]
    public void A_model_for_another_runtime_has_no_device_to_ask_and_the_runtime_decides_what_is_measured()
    {
        using var fixture = new Fixture();
        fixture.Change("TargetRuntime=\"generic\" MinDeviceMap=\"0.5\"");
        Assert.Contains("MinDeviceMap is '0.5', but its TargetRuntime is generic", fixture.Build().MustFailWith("SSCMA4010"));
        fixture.Change("TargetRuntime=\"Generic\"");
        Assert.Contains("the property SscmaMinDeviceMap50 is '0.5'", fixture.Build("-p:SscmaMinDeviceMap50=0.5").MustFailWith("SSCMA4010"));
        Assert.IsEmpty(fixture.Calls);
        fixture.Build().MustSucceed();
        Assert.Contains("targetRuntime=generic\n", File.ReadAllText(fixture.Work("evaluate.key")));
        Assert.DoesNotContain("usualResize=Stretch", File.ReadAllText(fixture.Work("train.key")), "only the firmware stretches");
    }

    [TestMethod]
    public void Metrics_of_another_file_prove_nothing()
    {
        using var fixture = new Fixture();
        fixture.Build().MustSucceed();
        // As if the two files and the stamp came from different builds.
        var metrics = File.ReadAllText(fixture.Work("metrics.json"));
        var other = metrics.Replace("\"sha256\": \"", "\"sha256\": \"0", StringComparison.Ordinal);
        File.WriteAllText(fixture.Work("metrics.json"), other);
        var stamp = File.ReadAllText(fixture.Work("evaluate.stamp"));
        File.WriteAllText(fixture.Work("evaluate.stamp"), stamp.Replace(Sha256(metrics), Sha256(other), StringComparison.Ordinal));
        fixture.Build().MustFailWith("SSCMA4005");
    }

    private static string Sha256(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
