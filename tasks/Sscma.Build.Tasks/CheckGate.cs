using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Xml;
using Microsoft.Build.Framework;
using Sscma.Build.Tasks.Gate;
using Sscma.Build.Tasks.Models;
using Sscma.Build.Tasks.Reporting;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks;

/// <summary>
/// Compares the measured mAP of every model with its thresholds and leaves a proof for exactly this .tflite.
/// No number, no ground truth, another file: none of these is ever a pass. All failing models are reported.
/// </summary>
public sealed class CheckGate : FileTask
{
    /// <summary>The models of <see cref="ResolveModels"/>.</summary>
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>Remembered digests; see <see cref="PrepareStage.DigestCache"/>.</summary>
    [Required]
    public string DigestCache { get; set; } = "";

    /// <inheritdoc/>
    private protected override bool Run()
    {
        var digests = Keys.BuildMemory.Of(BuildEngine, DigestCache).Digests;
        foreach (var item in Models)
        {
            var model = new ResolvedModel(item);
            var digest = digests.Of(model.PathOf(model.Tflite));
            if (!Passes(model, digest))
            {
                Proof.Revoke(model, digest);
                continue;
            }

            Proof.Write(model, digest!);
            Accepted.Keep(Keys.Stage.Of("train", model), digests);
        }

        digests.Save();
        return !Log.HasLoggedErrors;
    }

    private bool Passes(ResolvedModel model, string? digest)
    {
        var path = model.PathOf("metrics.json");
        if (digest is null)
            return Fails(Codes.MetricsUnreadable, model, model.PathOf(model.Tflite), "the exported file is missing. Build again with the target SscmaExport.");
        MetricsFile metrics;
        try
        {
            metrics = MetricsFile.Read(path, model["GateSplit"]);
        }
        catch (Exception unreadable) when (unreadable is IOException or XmlException or FormatException)
        {
            return Fails(Codes.MetricsUnreadable, model, path, $"the metrics cannot be read: {unreadable.Message} Build again with the target SscmaEvaluate.");
        }

        if (metrics.TfliteDigest != digest)
            return Fails(Codes.MetricsOfAnotherFile, model, path, $"the metrics belong to another file than '{model.Tflite}'. Run the target SscmaClean and build again.");
        if (metrics.NotScored is { } reason)
            return NeedsNoScore(model, reason) && FitsFlash(model) & FitsMemory(model, digest);
        if (!metrics.HasDeviceView && model["MinDeviceMap"] + model["MinDeviceMap50"] is { Length: > 0 })
            return Fails(Codes.MetricUndefined, model, path, "MinDeviceMap or MinDeviceMap50 asks for what a device sees, and the metrics tell nothing of it. Run the target SscmaClean and build again.");
        return Reaches(model, "mAP", metrics["mAP"], "MinMap") & Reaches(model, "mAP50", metrics["mAP50"], "MinMap50")
            & Reaches(model, "device mAP", metrics.OfDevice("mAP"), "MinDeviceMap") & Reaches(model, "device mAP50", metrics.OfDevice("mAP50"), "MinDeviceMap50")
            & FitsFlash(model) & FitsMemory(model, digest);
    }

    /// <summary>What cannot be scored passes only where nobody asks for a score.</summary>
    private bool NeedsNoScore(ResolvedModel model, string reason)
    {
        var asked = new[] { "MinMap", "MinMap50", "MinDeviceMap", "MinDeviceMap50" }.Where(name => model[name].Length > 0).Select(name => $"{name}={model[name]}").ToList();
        if (asked.Count > 0)
        {
            return Fails(
                Codes.NothingToScore,
                model,
                model.Project,
                $"{string.Join(" and ", asked)} cannot be judged: {reason}. Leave the threshold out (also the property Sscma{asked[0].Split('=')[0]}), or give a detector.");
        }

        Log.LogMessage(MessageImportance.High, "{0}: no gate: {1}", model.Name, reason);
        return true;
    }

    private bool FitsFlash(ResolvedModel model)
    {
        if (ByteSize.Parse(model["MaxModelSize"]) is not { } limit)
            return true;
        var size = new FileInfo(model.PathOf(model.Tflite)).Length;
        return size <= limit || Fails(
            Codes.ModelTooLarge,
            model,
            model.Project,
            $"the .tflite file has {ByteSize.Text(size)}, more than MaxModelSize {model["MaxModelSize"]}. The model is not embedded.");
    }

    private bool FitsMemory(ResolvedModel model, string digest)
    {
        if (ByteSize.Parse(model["MaxArenaSize"]) is not { } limit)
            return true;
        var path = model.PathOf("export.json");
        if (ExportFacts.Read(path, out var problem) is not { } facts || facts.TfliteDigest != digest)
            return Fails(Codes.ArenaUnknown, model, path, $"MaxArenaSize cannot be judged: {problem ?? "the report is another file's"}. Run the target SscmaClean and build again.");
        return facts.ArenaBytes <= limit || Fails(
            Codes.ArenaTooLarge,
            model,
            model.Project,
            $"it needs an arena of {ByteSize.Text(facts.ArenaBytes)}, more than MaxArenaSize {model["MaxArenaSize"]}. The model is not embedded.");
    }

    private bool Reaches(ResolvedModel model, string metric, double? measured, string metadata)
    {
        var written = model[metadata];
        if (written.Length == 0)
            return true;
        if (Threshold.Parse(written) is not { } threshold)
            return Fails(Codes.BadThreshold, model, model.Project, $"{metadata} is '{written}', expected a number from 0 to 1.");

        var report = File.Exists(model.PathOf("evaluation.txt")) ? model.PathOf("evaluation.txt") : model.PathOf("metrics.json");
        if (measured is not { } value)
        {
            var split = model["GateSplit"] == "test" ? model.Test : model.Val;
            return Fails(
                Codes.MetricUndefined,
                model,
                model.Project,
                $"{metric} could not be computed, but {metadata}={written} asks for it. Are there objects in '{string.Join("', '", split.Select(part => part.Annotations))}'? Report: {report}");
        }

        if (value >= threshold)
        {
            Log.LogMessage(MessageImportance.High, "{0}: {1}{2} {3} reaches {4} {5}", model.Name, OnSplit(model), metric, Text(value), metadata, written);
            return true;
        }

        return Fails(
            Codes.GateFailed,
            model,
            model.Project,
            $"{OnSplit(model)}{metric} of the .tflite file is {Text(value)}, below {metadata} {written}. The model is not embedded. Report: {report}");
    }

    private static string OnSplit(ResolvedModel model) => model["GateSplit"] == "test" ? "on the test split, " : "";

    private bool Fails(string code, ResolvedModel model, string file, string message)
    {
        Log.Error(code, $"the model '{model.Name}': {message}", file);
        return false;
    }

    /// <summary>Four decimals, but never rounded up to the threshold that was missed.</summary>
    private static string Text(double value) => (Math.Floor(value * 10000) / 10000).ToString("0.0000", CultureInfo.InvariantCulture);
}
