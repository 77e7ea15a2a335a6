using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sscma.TestSupport;

/// <summary>
/// Damaged files: a few hundred of each kind; the variable SSCMA_FUZZ sets another number, 20000 for the full run.
/// Whatever comes in, it ends soon, in little memory, with a result or the kind of error that is promised.
/// </summary>
public static class Fuzz
{
    private const int FewFiles = 400;
    private const long MostBytes = 1L << 30;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>Files of each kind.</summary>
    public static int Count => int.TryParse(Environment.GetEnvironmentVariable("SSCMA_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : FewFiles;

    /// <summary>Damages the seeds in turn and uses what comes out; file i is the same in every run.</summary>
    /// <param name="seeds">Sound files.</param>
    /// <param name="mutate">Damages one.</param>
    /// <param name="accepts">Uses one: whether it was accepted. Any exception fails the test.</param>
    public static void Run(IReadOnlyList<byte[]> seeds, Func<byte[], Random, byte[]> mutate, Func<byte[], bool> accepts)
    {
        foreach (var seed in seeds)
            Assert.IsTrue(accepts(seed), "a seed must be sound");
        var (refused, longest, most, whole) = (0, TimeSpan.Zero, 0L, Stopwatch.StartNew());
        for (var i = 0; i < Count; i++)
        {
            var bytes = mutate(seeds[i % seeds.Count], new Random(i));
            var (accepted, time, allocated) = Use(bytes, i);

            // The machine may have been busy with something else.
            if (time > Longest)
                time = Use(bytes, i).Time;
            Assert.IsLessThan(Longest, time, $"mutation {i}");
            // All that was ever allocated bounds what was held at once.
            Assert.IsLessThan(MostBytes, allocated, $"mutation {i}: bytes allocated");
            refused += accepted ? 0 : 1;

            // What one file leaves behind shall not count for the next.
            if (allocated > MostBytes / 8)
                GC.Collect();
            (longest, most) = (time > longest ? time : longest, Math.Max(most, allocated));
        }

        Console.WriteLine(
            $"{Count} files in {whole.Elapsed.TotalSeconds:F0} s, {refused} refused; one took {longest.TotalMilliseconds:F0} ms and allocated {most >> 20} MiB at most; "
            + $"the process peaked at {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
        Assert.IsGreaterThan(Count / 10, refused, "mutations that do no harm test nothing");
        Assert.IsLessThan(Count, refused, "mutations that all are refused test only the door");

        (bool Accepted, TimeSpan Time, long Allocated) Use(byte[] bytes, int i)
        {
            var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
            try
            {
                var accepted = accepts(bytes);
                return (accepted, clock.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);
            }
            catch (Exception problem)
            {
                Assert.Fail($"mutation {i}: {problem}");
                throw;
            }
        }
    }

    /// <summary>Bits flipped, bytes replaced, parts cut out, doubled or moved, the end cut off: for files of any kind.</summary>
    public static byte[] Damaged(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (var times = random.Next(1, 6); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 32), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = random.Next(2) == 0 ? (byte)0xFF : (byte)0; break;
                case 3: bytes.RemoveRange(at, length); break;
                case 4: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length)); break;
                case 5: bytes.InsertRange(at, Encoding.ASCII.GetBytes(random.NextInt64().ToString(CultureInfo.InvariantCulture))); break;
                default: bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : Math.Min(2, length)); break;
            }
        }

        return [.. bytes];
    }
}
