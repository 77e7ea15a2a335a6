using System.Text.Json;
using Sscma.Natives;
using Sscma.Training.Assignment;
using TorchSharp;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Goldens;

[TestClass]
[TestCategory(Golden.Category)]
public sealed class LossGoldens
{
    private const double Tolerance = 1e-5;

    public static IEnumerable<object[]> Cases => Golden.Cases(TrainCase.Ending);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Losses_and_their_gradients_follow_from_the_stored_outputs(string name)
    {
        NativeLibraries.UseTorch();
        var golden = new TrainCase(name);
        using var scope = NewDisposeScope();
        var outputs = golden.StoredOutputs();

        var loss = golden.Loss.Compute(outputs, golden.Truths());
        loss.Total.backward();

        AreLosses(golden.Facts, loss.Cls, loss.Bbox, Tolerance);
        Golden.IsClose(golden.Facts.GetProperty("loss").GetDouble(), loss.Total.ToDouble(), Tolerance, "loss");
        Golden.IsClose(golden.Facts.GetProperty("avg_factor").GetDouble(), loss.AverageFactor, 1e-6, "avg_factor");
        for (var level = 0; level < 3; level++)
        {
            Golden.AreClose(golden.Tensors[$"grad.cls_score.{level}"], outputs.Classes[level].grad!, Tolerance, $"grad.cls_score.{level}");
            Golden.AreClose(golden.Tensors[$"grad.bbox_pred.{level}"], outputs.Distances[level].grad!, Tolerance, $"grad.bbox_pred.{level}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_training_step_equals_the_reference_within_its_own_rounding(string name)
    {
        var golden = new TrainCase(name);
        using var model = Golden.Model(name);
        using var scope = NewDisposeScope();

        var outputs = model.Forward(golden.Input(), training: true);
        var loss = golden.Loss.Compute(outputs, golden.Truths());
        loss.Total.backward();

        for (var level = 0; level < 3; level++)
        {
            Golden.AreClose(golden.Tensors[$"cls_score.{level}"], outputs.Classes[level], 1e-4, $"cls_score.{level}");
            Golden.AreClose(golden.Tensors[$"bbox_pred.{level}"], outputs.Distances[level], 1e-4, $"bbox_pred.{level}");
        }

        AreLosses(golden.Facts, loss.Cls, loss.Bbox, Tolerance);

        // Two float32 runs may each be one noise away from float64, on opposite sides, and the reference measured its own only once.
        var noise = (5 * golden.GradientNoise) + 1e-5;
        foreach (var norm in golden.Facts.GetProperty("grad_l2_norm").EnumerateObject())
            Golden.IsClose(norm.Value.GetDouble(), model.Parameters[norm.Name].grad!.norm().ToDouble(), noise, $"gradient norm of {norm.Name}");
        foreach (var (key, expected) in golden.Tensors.Where(entry => entry.Key.StartsWith("grad.", StringComparison.Ordinal) && !entry.Key.Contains(".cls_score.") && !entry.Key.Contains(".bbox_pred.")))
        {
            // Some files hold zeros here: they were written after the gradients had been cleared. The norms above are sound.
            if (expected.As<float>().ContainsAnyExcept(0f))
                Golden.AreClose(expected, model.Parameters[key["grad.".Length..]].grad!, noise + 1e-3, key);
        }

        foreach (var (key, expected) in golden.Tensors.Where(entry => entry.Key.StartsWith("after_step.", StringComparison.Ordinal)))
            Golden.AreClose(expected, model.Parameters[key["after_step.".Length..]], Tolerance, key);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void In_float64_losses_and_gradient_norm_equal_the_reference_in_float64(string name)
    {
        var golden = new TrainCase(name);
        using var model = Golden.Model(name, ScalarType.Float64);
        using var scope = NewDisposeScope();

        var loss = golden.Loss.Compute(model.Forward(golden.Input(ScalarType.Float64), training: true), golden.Truths());
        loss.Total.backward();

        // The assigner works in float32, so its metrics carry that rounding.
        AreLosses(golden.Facts.GetProperty("float64"), loss.Cls, loss.Bbox, 1e-6);
        Golden.IsClose(golden.Facts.GetProperty("float64").GetProperty("total_grad_l2_norm").GetDouble(), model.Parameters.Gradients!.norm().ToDouble(), 1e-5, "norm of all gradients");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_batch_without_objects_has_the_reference_loss(string name)
    {
        NativeLibraries.UseTorch();
        var golden = new TrainCase(name);
        using var scope = NewDisposeScope();

        var loss = golden.Loss.Compute(golden.StoredOutputs(), [.. Enumerable.Repeat(GroundTruth.Empty, golden.BatchSize)]);

        AreLosses(golden.Facts.GetProperty("all_images_empty"), loss.Cls, loss.Bbox, Tolerance);
        Assert.AreEqual(1, loss.AverageFactor);
    }

    private static void AreLosses(JsonElement expected, double cls, double bbox, double tolerance)
    {
        Golden.IsClose(expected.GetProperty("loss_cls").GetDouble(), cls, tolerance, "loss_cls");
        Golden.IsClose(expected.GetProperty("loss_bbox").GetDouble(), bbox, tolerance, "loss_bbox");
    }
}
