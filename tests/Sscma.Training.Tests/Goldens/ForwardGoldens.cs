using Sscma.Tensors;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Goldens;

[TestClass]
[TestCategory(Golden.Category)]
public sealed class ForwardGoldens
{
    private const string Ending = ".forward.safetensors";
    private const double Tolerance = 1e-4;

    public static IEnumerable<object[]> Cases => Golden.Cases(Ending);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Every_layer_group_equals_the_reference(string name)
    {
        var golden = Golden.Tensors(name + Ending);
        using var model = Golden.Model(name);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var ops = new TorchOps(model.Parameters, training: false);

        var features = model.Network.Backbone.Forward(ops, TorchOps.ChannelsLast(Golden.ToTorch(golden["input"])));
        var maps = model.Network.Neck.Forward(ops, features);
        var (classes, distances) = model.Network.Head.Forward(ops, maps);

        for (var level = 0; level < 3; level++)
        {
            AreCloseIfStored(golden, $"backbone.{level}", features[level]);
            AreCloseIfStored(golden, $"neck.{level}", maps[level]);
            Golden.AreClose(golden[$"cls_score.{level}"], classes[level], Tolerance, $"cls_score.{level}");
            Golden.AreClose(golden[$"bbox_pred.{level}"], distances[level], Tolerance, $"bbox_pred.{level}");
        }
    }

    // Tensors that a file leaves out (the README names which) are not judged.
    private static void AreCloseIfStored(IReadOnlyDictionary<string, StoredTensor> golden, string key, Tensor actual)
    {
        if (golden.TryGetValue(key, out var expected))
            Golden.AreClose(expected, actual, Tolerance, key);
    }
}
