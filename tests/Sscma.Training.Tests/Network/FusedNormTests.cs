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

    [TestMethod]
    [DataRow(ScalarType.BFloat16, 1, 2, 3)]
    [DataRow(ScalarType.BFloat16, 21, 7, 9)] // a remainder behind the vectors
    [DataRow(ScalarType.BFloat16, 130, 33, 31)]
    [DataRow(ScalarType.Float32, 16, 24, 24)]
    public void In_bfloat16_it_is_the_float32_norm_with_rounded_results(ScalarType type, int channels, int height, int width)
    {
        NativeLibraries.UseTorch();
        using var scope = NewDisposeScope();
        var (value, statistics, gradient, parameters) = Step(rounded: true);
        var (wideValue, wideStatistics, wideGradient, wideParameters) = Step(rounded: false);

        Assert.AreSequenceEqual(Floats(wideValue.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32)), Floats(value.to_type(ScalarType.Float32)));
        Assert.AreSequenceEqual(wideStatistics, statistics);
        Goldens.Golden.AreClose(wideParameters, parameters, 1e-6, "gradients of scale and shift");
        Goldens.Golden.AreClose(Floats(wideGradient), Floats(gradient.to_type(ScalarType.Float32)), type == ScalarType.BFloat16 ? 0.004 : 1e-6, "gradient");

        (Tensor Value, float[] Statistics, Tensor Gradient, float[] Parameters) Step(bool rounded)
        {
            using var store = new ParameterStore([new ConvUnit("unit", 3, channels, 3)]);
            WeightInitializer.Fill(store, 3);
            var x = TorchOps.ChannelsLast(randn([2, channels, height, width], generator: new Generator(5)) + 1).to_type(ScalarType.BFloat16).to_type(rounded ? type : ScalarType.Float32).detach().requires_grad_(true);
            var y = FusedNorm.Apply(x, store.TensorsOf(store.Units[0]).Norm!, relu: true, rounded ? ScalarType.BFloat16 : null);
            // A gradient that both types hold exactly.
            y.backward([TorchOps.ChannelsLast(randn(y.shape, generator: new Generator(6))).to_type(ScalarType.BFloat16).to_type(y.dtype)]);
            return (y.detach(), Floats(store.Statistics), x.grad!, Floats(store.Gradients!));
        }
    }

    [TestMethod]
    public unsafe void Numbers_are_rounded_to_bfloat16_as_libtorch_rounds_them()
    {
        NativeLibraries.UseTorch();
        using var scope = NewDisposeScope();
        var lanes = System.Numerics.Vector<float>.Count;
        var numbers = randn(2 * lanes, generator: new Generator(7));
        // Ties on either side of an even neighbour, and a carry into the exponent.
        numbers[0] = tensor(BitConverter.UInt32BitsToSingle(0x3F808000));
        numbers[1] = tensor(BitConverter.UInt32BitsToSingle(0x3F818000));
        numbers[2] = tensor(BitConverter.UInt32BitsToSingle(0x3FFFFFFF));
        var expected = numbers.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32).data<float>().ToArray();
        var memory = stackalloc ushort[2 * lanes];
        var reals = numbers.data<float>().ToArray();

        BFloat16Reals.Store(memory, 0, new System.Numerics.Vector<float>(reals), new System.Numerics.Vector<float>(reals, lanes));
        var (first, second) = BFloat16Reals.Load(memory, 0);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], BFloat16Reals.Get(memory, i));
            Assert.AreEqual(expected[i], i < lanes ? first[i] : second[i - lanes]);
            BFloat16Reals.Set(memory, i, reals[i]);
            Assert.AreEqual(expected[i], BFloat16Reals.Get(memory, i));
        }
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
