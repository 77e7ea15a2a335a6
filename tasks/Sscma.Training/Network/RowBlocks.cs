using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>
/// Cuts a matrix (M, C) into blocks of a fixed size. Several narrow rows are read as one wide row, so that a vector's sum need not wait for
/// the one before. Sums are float32 over a few rows, so few that next to nothing is rounded away, and float64 from there on, in the order
/// of the rows within a block and then of the blocks.
/// </summary>
internal sealed class RowBlocks
{
    private const int WideRowsPerBlock = 256;
    private const int WideRowsPerSum = 16;
    private const int WantedWidth = 128;

    private readonly long _wideRows;

    /// <summary>A matrix of <paramref name="count"/> rows and <paramref name="channels"/> columns.</summary>
    public RowBlocks(long count, int channels)
    {
        (Count, Channels, _wideRows, Width) = (count, channels, count, channels);
        while (Width * 2 <= WantedWidth && _wideRows % 2 == 0)
            (Width, _wideRows) = (Width * 2, _wideRows / 2);
    }

    /// <summary>Rows M.</summary>
    public long Count { get; }

    /// <summary>Columns C.</summary>
    public int Channels { get; }

    /// <summary>Numbers in a wide row, a multiple of C.</summary>
    public int Width { get; }

    private int Blocks => (int)((_wideRows + WideRowsPerBlock - 1) / WideRowsPerBlock);

    /// <summary>Repeats one number per channel over a wide row.</summary>
    public float[] Tile(ReadOnlySpan<float> perChannel)
    {
        var row = new float[Width];
        for (var c = 0; c < Width; c += Channels)
            perChannel.CopyTo(row.AsSpan(c));
        return row;
    }

    /// <summary>Calls <paramref name="work"/> with the first number of each block and the one after its last.</summary>
    public void ForEach(Action<long, long> work)
    {
        var threads = Math.Min(get_num_threads(), Blocks);
        if (threads < 2)
        {
            work(0, _wideRows * Width);
            return;
        }

        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
            work(Start(Blocks * (long)thread / threads), Start(Blocks * (thread + 1L) / threads)));
    }

    /// <summary>Two sums per channel. <paramref name="work"/> adds a few wide rows (first number, one after the last) into two that begin as zeros.</summary>
    public (double[] First, double[] Second) Reduce(Action<long, long, float[], float[]> work)
    {
        var (firsts, seconds) = (new double[Blocks][], new double[Blocks][]);
        void Sum(long from, long to)
        {
            var (first, second) = (new float[Width], new float[Width]);
            for (var block = from; block < to; block++)
            {
                (firsts[block], seconds[block]) = (new double[Width], new double[Width]);
                for (var at = Start(block); at < Start(block + 1); at += WideRowsPerSum * Width)
                {
                    Array.Clear(first);
                    Array.Clear(second);
                    work(at, Math.Min(at + (WideRowsPerSum * Width), Start(block + 1)), first, second);
                    WideSums.Add(firsts[block], first);
                    WideSums.Add(seconds[block], second);
                }
            }
        }

        var threads = Math.Min(get_num_threads(), Blocks);
        if (threads < 2)
            Sum(0, Blocks);
        else
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread => Sum(Blocks * (long)thread / threads, Blocks * (thread + 1L) / threads));
        return (Fold(firsts), Fold(seconds));
    }

    // The offset of a block's first number.
    private long Start(long block) => Math.Min(block * WideRowsPerBlock, _wideRows) * Width;

    private double[] Fold(double[][] blocks)
    {
        var sums = new double[Channels];
        foreach (var block in blocks)
        {
            for (var c = 0; c < Width; c++)
                sums[c % Channels] += block[c];
        }

        return sums;
    }
}
