using Sscma.Natives;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Network;

// Threads are a setting of the whole process.
[TestClass]
[DoNotParallelize]
public sealed class FusedNormTests
{
    [TestMethod]
    [DataRow(1, 1, 2, 3, Activation.Relu)] // the smallest batch that has a variance
    [DataRow(3, 5, 7, 9, Activation.Relu)] // no width divides a vector
    [DataRow(2, 4, 48, 48, Activation.Relu)] // narrow rows read side by side
    [DataRow(2, 130, 33, 31, Activation.Relu)] // more than one block, with a remainder
    [DataRow(3, 21, 7, 9, Activation.None)]
    [DataRow(3, 21, 7, 9, Activation.Silu)]
    public void It_equals_the_plain_norm_in_value_statistics_and_gradients(int images, int channels, int height, int width, Activation activation)
    {
        var (value, statistics, gradients) = Run(images, channels, height, width, plain: false, activation);
        var (plainValue, plainStatistics, plainGradients) = Run(images, channels, height, width, plain: true, activation);

        Goldens.Golden.AreClose(plainValue, value, 2e-6, "value");
        Goldens.Golden.AreClose(plainStatistics, statistics, 2e-6, "running statistics");
        Goldens.Golden.AreClose(plainGradients, gradients, 2e-5, "gradients");
    }

    [TestMethod]
    public void The_number_of_threads_changes_no_bit()
    {
        NativeLibraries.UseTorch();
        set_num_threads(1);
        var one = Run(2, 24, 64, 64, plain: false);
        set_num_threads(2);
        var two = Run(2, 24, 64, 64, plain: false);
        set_num_threads(1);

        Assert.AreSequenceEqual(one.Value, two.Value);
        Assert.AreSequenceEqual(one.Statistics, two.Statistics);
    }

    private static (float[] Value, float[] Statistics, float[] Gradients) Run(int images, int channels, int height, int width, bool plain, Activation activation = Activation.Relu)
    {
        NativeLibraries.UseTorch();
        using var scope = NewDisposeScope();
        var unit = new ConvUnit("unit", 3, channels, 3) { Activation = activation };
        using var parameters = new ParameterStore([unit]);
        WeightInitializer.Fill(parameters, 3);
        using (no_grad())
        {
            parameters["unit.bn.weight"].copy_(rand(channels, generator: new Generator(1)) + 0.5);
            parameters["unit.bn.bias"].copy_(randn(channels, generator: new Generator(2)) * 0.3);
        }

        var x = TorchOps.ChannelsLast((randn([images, 3, height, width], generator: new Generator(5)) * 2) + 7).detach().requires_grad_(true);
        var y = new TorchOps(parameters, training: true) { PlainNorms = plain }.Conv(x, unit);
        (y * randn(y.shape, generator: new Generator(6))).sum().backward();
        return (Floats(y), Floats(parameters.Values), [.. Floats(parameters.Gradients!), .. Floats(x.grad!)]);
    }

    private static float[] Floats(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
