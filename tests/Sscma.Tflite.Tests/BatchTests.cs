using Sscma.TestSupport;

namespace Sscma.Tflite.Tests;

/// <summary>Several images at once have the results that each has by itself.</summary>
[TestClass]
[TestCategory("GoldensTflite")]
public sealed class BatchTests
{
    private const int Images = 3;

    // What takes the first axis for something else than the image, or names its extent.
    private static readonly BuiltinOperator[] Others =
    [
        BuiltinOperator.Transpose, BuiltinOperator.Slice, BuiltinOperator.StridedSlice, BuiltinOperator.Split, BuiltinOperator.Concatenation, BuiltinOperator.Mean, BuiltinOperator.Sum,
        BuiltinOperator.Squeeze, BuiltinOperator.ExpandDims,
    ];

    [TestMethod]
    public void Every_kernel_takes_several_images()
    {
        var kinds = new HashSet<(BuiltinOperator, TensorType)>();
        foreach (var golden in GoldenCase.All)
        {
            var single = golden.Model();
            if (single.Operators is not [var node] || Others.Contains(node.Code) || single.Inputs.Append(node.Outputs[0]).Any(index => single.Tensors[index].Shape is not [1, _, ..]))
                continue;
            var inputs = GoldenCase.Series(golden.Tensors(), "input");
            var batch = Enumerable.Range(0, Images).Select(image => inputs.Select((input, i) => Rotated(input, image, single.Tensors[single.Inputs[i]].Type.Size())).ToArray()).ToArray();
            var alone = new Interpreter(single);
            var expected = batch.Select(image => alone.Run(image)[0]).ToArray();
            using var together = new Interpreter(Batches.Of(single, Images), new InterpreterOptions { Threads = 2 });
            var actual = together.Run([.. inputs.Select((_, i) => batch.SelectMany(image => image[i]).ToArray())])[0];
            Compare.Exactly([.. expected.SelectMany(image => image)], actual, golden.Name);
            kinds.Add((node.Code, single.Tensors[node.Outputs[0]].Type));
        }

        Assert.IsGreaterThan(40, kinds.Count, string.Join(", ", kinds));
    }

    [TestMethod]
    [DataRow("graph_rtmdet_mini_64_c3")]
    [DataRow("graph_rtmdet_mini_64_c2_silu")]
    public void A_whole_detector_takes_several_images(string name)
    {
        var golden = GoldenCase.Of(name);
        var input = GoldenCase.Series(golden.Tensors(), "input")[0];
        var batch = Enumerable.Range(0, Images).Select(image => Rotated(input, 37 * image, 1)).ToArray();
        var alone = new Interpreter(golden.Model());
        var expected = batch.Select(image => alone.Run([image])).ToArray();
        var actual = new Interpreter(Batches.Of(golden.Model(), Images)).Run([[.. batch.SelectMany(image => image)]]);
        for (var output = 0; output < actual.Length; output++)
            Compare.Exactly([.. expected.SelectMany(outputs => outputs[output])], actual[output], $"output {output}");
    }

    private static byte[] Rotated(byte[] elements, int places, int size) => [.. elements[(places * size)..], .. elements[..(places * size)]];
}
