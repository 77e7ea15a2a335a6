using Sscma.Onnx;
using Sscma.Training.Network;

namespace Sscma.Training.Tests.Goldens;

[TestClass]
[TestCategory(Golden.Category)]
public sealed class OnnxGoldens
{
    private const string Ending = ".forward.safetensors";

    public static IEnumerable<object[]> Cases => Golden.Cases(Ending);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void The_written_graph_gives_the_reference_outputs_in_onnx_runtime(string name)
    {
        var golden = Golden.Tensors(name + Ending);
        using var detector = Golden.Model(name);
        var shape = golden["input"].Shape;
        using var session = new OnnxSession(OnnxExport.Write(detector, (int)shape[3], (int)shape[2]));
        CollectionAssert.AreEqual(new[] { "cls_8", "cls_16", "cls_32", "box_8", "box_16", "box_32" }, session.Outputs.ToArray());

        var images = golden["input"].As<float>().ToArray().Chunk((int)(3 * shape[2] * shape[3]));
        foreach (var (image, pixels) in images.Index())
        {
            var outputs = session.Run(pixels, 1, 3, shape[2], shape[3]);
            for (var i = 0; i < outputs.Count; i++)
            {
                var key = i < 3 ? $"cls_score.{i}" : $"bbox_pred.{i - 3}";
                var count = (int)outputs[i].Count;
                Golden.AreClose(golden[key].As<float>().Slice(image * count, count), outputs[i].Floats(), 1e-4, $"{key} of image {image}");
            }
        }
    }
}
