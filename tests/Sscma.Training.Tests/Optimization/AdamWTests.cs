using Sscma.Natives;
using Sscma.Training.Configuration;
using Sscma.Training.Network;
using Sscma.Training.Optimization;
using static TorchSharp.torch;

namespace Sscma.Training.Tests.Optimization;

// Threads are a setting of the whole process.
[TestClass]
[DoNotParallelize]
public sealed class AdamWTests
{
    // Enough weights for two threads, and a bias that does not decay and fills no vector.
    private static readonly ConvUnit Unit = new("unit", 136, 130, 3) { HasNorm = false };

    [TestMethod]
    public void One_walk_equals_libtorchs_operations()
    {
        var plain = Run(plain: true, threads: 1);
        var ours = Run(plain: false, threads: 1);

        Goldens.Golden.AreClose(plain, ours, 1e-6, "values after three steps");
        Assert.AreNotSequenceEqual(Run(plain: false, threads: 1, decay: 0), ours, "weights decay");
    }

    [TestMethod]
    public void The_number_of_threads_changes_no_bit() => Assert.AreSequenceEqual(Run(plain: false, threads: 1), Run(plain: false, threads: 2));

    [TestMethod]
    public void A_step_against_numbers_made_by_hand()
    {
        // After the first step the corrected mean is g and the corrected root |g|: a weight moves by the rate, against its gradient.
        float[] values = [1, 1, 1], gradients = [0.5f, -2, 0], means = [0, 0, 0], squares = [0, 0, 0];
        var kernel = new AdamWKernel { MeanShare = 0.1f, SquareShare = 0.001f, Rate = 0.01f / 0.1f, SquareCorrection = MathF.Sqrt(0.001f), Eps = 1e-8f, Decay = 0.25f, Decayed = 1 };

        kernel.Step(values, gradients, means, squares, threads: 1);

        Goldens.Golden.AreClose([0.75f - 0.01f, 1 + 0.01f, 1], values, 1e-6, "values");
        Goldens.Golden.AreClose([0.05f, -0.2f, 0], means, 1e-6, "means");
        Goldens.Golden.AreClose([0.00025f, 0.004f, 0], squares, 1e-6, "squares");
        Assert.AreSequenceEqual(new float[3], gradients);
    }

    private static float[] Run(bool plain, int threads, double decay = 0.05)
    {
        NativeLibraries.UseTorch();
        using var scope = NewDisposeScope();
        using var parameters = new ParameterStore([Unit]);
        WeightInitializer.Fill(parameters, 3);
        using var optimizer = new AdamW(parameters, new OptimConfig { WeightDecay = decay }) { Plain = plain };
        set_num_threads(threads);
        try
        {
            for (var step = 0; step < 3; step++)
            {
                parameters.Gradients!.copy_(randn(parameters.TrainedCount, generator: new Generator((ulong)step)));
                optimizer.Step(0.004);
                Assert.AreEqual(0f, parameters.Gradients.abs().max().item<float>());
            }
        }
        finally
        {
            set_num_threads(1);
        }

        return parameters.Values.data<float>().ToArray();
    }
}
