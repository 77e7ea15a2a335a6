using Sscma.Natives;
using Sscma.Training.QuantizationAware;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.QuantizationAware;

[TestClass]
public sealed class RoundingTests
{
    [TestMethod]
    public void A_value_gets_the_nearest_real_with_a_code_and_the_gradient_passes_within_the_codes()
    {
        NativeLibraries.UseTorch();
        using var scope = NewDisposeScope();

        // Steps of a half around 0: codes reach from -64 to 63.5.
        var x = tensor(new[] { 0.2f, 0.3f, -0.74f, -64.2f, -64.3f, 63.7f, 63.8f, 1000f }).view(1, 2, 2, 2).requires_grad_(true);
        var seen = RealRange.Empty;
        var y = Rounding.Apply(x, (0.5f, 0), range => seen = range);
        (y * tensor(new[] { 1f, 2, 3, 4, 5, 6, 7, 8 }).view(1, 2, 2, 2)).sum().backward();

        Assert.AreSequenceEqual([0, 0.5f, -0.5f, -64, -64, 63.5f, 63.5f, 63.5f], Floats(y));
        Assert.AreSequenceEqual([1f, 2, 3, 4, 0, 6, 0, 0], Floats(x.grad!));
        Assert.AreEqual(new RealRange(-64.3f, 1000), seen);
    }

    [TestMethod]
    [DataRow(1, 1, 1, 1, 0)]
    [DataRow(2, 3, 5, 7, -128)] // as after ReLU
    [DataRow(3, 130, 9, 11, 12)] // more than one block, with a remainder
    public void The_kernel_equals_the_plain_operations(int images, int channels, int height, int width, int zero)
    {
        NativeLibraries.UseTorch();
        using var scope = NewDisposeScope();
        var (fast, fastGradient, fastSeen) = Run(plain: false);
        var (plain, plainGradient, plainSeen) = Run(plain: true);

        Assert.AreSequenceEqual(plain, fast);
        Assert.AreSequenceEqual(plainGradient, fastGradient);
        Assert.AreEqual(plainSeen, fastSeen);
        if (fast.Length > 1)
            Assert.IsTrue(fastGradient.Contains(0) && fastGradient.Any(g => g != 0), "some of the values lie beyond the codes");

        (float[] Values, float[] Gradient, RealRange Seen) Run(bool plain)
        {
            var x = (randn([images, channels, height, width], generator: new Generator(1)) * 3).requires_grad_(true);
            var seen = RealRange.Empty;
            var y = plain ? Rounding.Plain(x, (0.02f, zero), range => seen = range) : Rounding.Apply(x, (0.02f, zero), range => seen = range);
            (y * randn(y.shape, generator: new Generator(2))).sum().backward();
            return (Floats(y), Floats(x.grad!), seen);
        }
    }

    [TestMethod]
    public void A_range_moves_by_a_share_and_unites()
    {
        Assert.IsTrue(RealRange.Empty.IsEmpty);
        Assert.AreEqual(new RealRange(-1, 2), RealRange.Empty.With(new RealRange(-1, 1)).With(new RealRange(0, 2)));
        Assert.AreEqual(new RealRange(-1.25f, 2.5f), new RealRange(-1, 2).Towards(new RealRange(-2, 4), 0.25f));
    }

    private static float[] Floats(Tensor values) => values.detach().contiguous().data<float>().ToArray();
}
