using Sscma.Natives;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Network;

// Threads are a setting of the whole process.
[TestClass]
[DoNotParallelize]
public sealed class DepthwiseConvolutionTests
{
    [TestMethod]
    [DataRow(1, 8, 1, 1, 5)] // all of the window but its middle lies outside
    [DataRow(3, 5, 7, 9, 3)] // no channel fills a vector
    [DataRow(2, 21, 9, 7, 5)] // vectors and a remainder
    [DataRow(2, 16, 48, 48, 5)]
    [DataRow(2, 32, 70, 3, 3)] // many rows to a sum
    [DataRow(2, 16, 3, 80, 7)] // a window of five columns and two
    public void Gradients_equal_libtorchs(int images, int channels, int height, int width, int kernel)
    {
        var (value, gradient, weights) = Run(images, channels, height, width, kernel, plain: false);
        var (plainValue, plainGradient, plainWeights) = Run(images, channels, height, width, kernel, plain: true);

        Assert.AreSequenceEqual(plainValue, value);
        Goldens.Golden.AreClose(plainGradient, gradient, 2e-6, "gradient by the input");
        Goldens.Golden.AreClose(plainWeights, weights, 2e-5, "gradient by the weight");
    }

    [TestMethod]
    public void The_number_of_threads_changes_no_bit()
    {
        NativeLibraries.UseTorch();
        set_num_threads(2);
        var two = Run(5, 24, 20, 20, 5, plain: false);
        set_num_threads(1);
        var one = Run(5, 24, 20, 20, 5, plain: false);

        Assert.AreSequenceEqual(one.Weights, two.Weights);
    }

    private static (float[] Value, float[] Gradient, float[] Weights) Run(int images, int channels, int height, int width, int kernel, bool plain)
    {
        NativeLibraries.UseTorch();
        using var scope = NewDisposeScope();
        var unit = new ConvUnit("unit", channels, channels, kernel) { Groups = channels };
        using var parameters = new ParameterStore([unit]);
        WeightInitializer.Fill(parameters, 3);
        var weight = parameters["unit.conv.weight"];
        var x = TorchOps.ChannelsLast(randn([images, channels, height, width], generator: new Generator(5))).detach().requires_grad_(true);
        Assert.IsTrue(DepthwiseConvolution.Suits(x, weight, null, unit));
        var y = plain ? TorchOps.PlainConvolve(x, weight, null, unit) : TorchOps.Convolve(x, weight, null, unit);
        // In the order of memory of (N, C, H, W), as some gradients come.
        y.backward([randn(y.shape, generator: new Generator(6))]);
        return (Floats(y), Floats(x.grad!), Floats(parameters.Gradients!));
    }

    private static float[] Floats(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
