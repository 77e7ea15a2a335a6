using System.Runtime.InteropServices;
using Sscma.Detection;
using Sscma.Natives;
using Sscma.Training.Losses;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Goldens;

[TestClass]
[TestCategory(Golden.Category)]
public sealed class AssignerGoldens
{
    public static IEnumerable<object[]> Cases => Golden.Cases(TrainCase.Ending);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Assignment_equals_the_reference_exactly(string name)
    {
        NativeLibraries.UseTorch();
        var golden = new TrainCase(name);
        using var scope = NewDisposeScope();
        var outputs = golden.StoredOutputs();
        var points = RtmDetLoss.PointsOf(outputs, 0);
        var boxes = BoxDecoder.Decode(points, RtmDetLoss.Flatten(outputs.Distances, RtmDetNetwork.Strides));

        var targets = golden.Loss.Assign(points, boxes, RtmDetLoss.Flatten(outputs.Classes, null), golden.Truths(), RtmDetLoss.SlotsOf(golden.Truths()));

        CollectionAssert.AreEqual(golden.Tensors["assign.labels"].As<long>().ToArray(), targets.SelectMany(image => image.Labels).Select(label => (long)label).ToArray());
        CollectionAssert.AreEqual(golden.Tensors["assign.metrics"].As<float>().ToArray(), targets.SelectMany(image => image.Metrics).ToArray());
        CollectionAssert.AreEqual(golden.Tensors["assign.bboxes"].As<float>().ToArray(), Floats(targets.SelectMany(image => image.Boxes)));
        CollectionAssert.AreEqual(
            golden.Facts.GetProperty("num_pos").EnumerateArray().Select(count => count.GetInt32()).ToArray(),
            targets.Select(image => image.Foreground.Count(isForeground => isForeground)).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Points_and_boxes_equal_the_reference(string name)
    {
        NativeLibraries.UseTorch();
        var golden = new TrainCase(name);
        using var scope = NewDisposeScope();
        var outputs = golden.StoredOutputs();
        var points = RtmDetLoss.PointsOf(outputs, 0);

        var boxes = BoxDecoder.Decode(points, RtmDetLoss.Flatten(outputs.Distances, RtmDetNetwork.Strides));

        var priors = Enumerable.Range(0, points.Count).SelectMany(i => new[] { points.X[i], points.Y[i], points.Stride[i], points.Stride[i] });
        CollectionAssert.AreEqual(golden.Tensors["priors"].As<float>().ToArray(), priors.ToArray());
        CollectionAssert.AreEqual(golden.Tensors["flat_boxes"].As<float>().ToArray(), boxes.detach().data<float>().ToArray());
    }

    private static float[] Floats(IEnumerable<Box> boxes) => MemoryMarshal.Cast<Box, float>(boxes.ToArray()).ToArray();
}
