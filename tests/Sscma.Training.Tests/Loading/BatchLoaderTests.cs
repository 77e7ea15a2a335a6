using Sscma.Files;
using Sscma.Training.Augmentation;
using Sscma.Training.Loading;
using Sscma.Training.Tests.Augmentation;

namespace Sscma.Training.Tests.Loading;

[TestClass]
public sealed class BatchLoaderTests
{
    private const int Size = 64;

    [TestMethod]
    public void Batches_do_not_depend_on_the_number_of_threads()
    {
        var one = Run(threads: 1);
        var three = Run(threads: 3);

        CollectionAssert.AreEqual(one, three);
    }

    [TestMethod]
    public void The_last_batch_of_an_epoch_holds_what_is_left()
    {
        using var loader = new BatchLoader(_ => Blank(), epochLength: 10, batchSize: 4, Size, first: 4, end: 20, threads: 2);

        var counts = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            using var batch = loader.Next(CancellationToken.None);
            counts.Add(batch.Count);
        }

        CollectionAssert.AreEqual(new[] { 4, 2, 4, 4, 2 }, counts);
        Assert.ThrowsExactly<InvalidOperationException>(() => loader.Next(CancellationToken.None));
    }

    [TestMethod]
    public void A_failure_in_a_thread_comes_out_where_the_batch_is_asked_for()
    {
        using var loader = new BatchLoader(
            position => position == 5 ? throw new InvalidDataException("unreadable") : Blank(), 100, 4, Size, 0, 100, threads: 2);

        loader.Next(CancellationToken.None).Dispose();

        Assert.ThrowsExactly<InvalidDataException>(() => loader.Next(CancellationToken.None));
    }

    [TestMethod]
    public void Waiting_for_a_batch_can_be_cancelled()
    {
        using var never = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        using var loader = new BatchLoader(
            _ =>
            {
                never.Wait();
                return Blank();
            }, 4, 4, Size, 0, 4, threads: 1);

        Assert.ThrowsExactly<OperationCanceledException>(() => loader.Next(cancellation.Token));
        never.Set();
    }

    [TestMethod]
    public void An_epoch_shows_every_image_once_in_an_order_of_its_own()
    {
        var order = new ShuffledOrder(20, seed: 3);
        var first = Enumerable.Range(0, 20).Select(position => order[position]).ToArray();
        var second = Enumerable.Range(20, 20).Select(position => order[position]).ToArray();

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 20).ToArray(), first);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 20).ToArray(), second);
        CollectionAssert.AreNotEqual(first, second);
        CollectionAssert.AreEqual(first, Enumerable.Range(0, 20).Select(position => new ShuffledOrder(20, seed: 3)[position]).ToArray());
    }

    [TestMethod]
    public void The_cache_of_pixels_keeps_what_fits_and_loads_the_rest_again()
    {
        var loads = new int[4];
        var cache = new PixelCache(
            index =>
            {
                loads[index]++;
                return new(10, 10);
            }, 4, maxBytes: 650);

        for (var round = 0; round < 3; round++)
        {
            for (var index = 0; index < 4; index++)
                cache.Get(index);
        }

        CollectionAssert.AreEqual(new[] { 1, 1, 3, 3 }, loads);
        Assert.AreEqual(600, cache.Bytes);
    }

    private static Sample Blank() => Scene.Draw(Size, Size);

    private static List<string> Run(int threads)
    {
        IAugmentation[] steps = [.. PipelineTests.Steps(), new MixUp(Size, Size, new SampleCacheOptions(8), probability: 0.5)];
        var pipeline = new AugmentationPipeline(steps, new EndlessScenes(25), seed: 9);
        using var loader = new BatchLoader(pipeline.At, epochLength: 25, batchSize: 4, Size, 0, 150, threads);
        var digests = new List<string>();
        for (var i = 0; i < 42; i++)
        {
            using var batch = loader.Next(CancellationToken.None);
            digests.Add(Digest.OfBytes(batch.Pixels.AsSpan(0, batch.Count * Size * Size * 3)) + string.Join(';', batch.Objects.SelectMany(item => item)));
        }

        return digests;
    }
}
