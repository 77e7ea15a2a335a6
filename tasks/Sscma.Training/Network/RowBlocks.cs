using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>
/// Cuts a matrix (M, C) into blocks of a fixed size. Several narrow rows are read as one wide row, so that a vector's sum need not wait for
/// the one before. Sums are float32 inside a block, few enough for six digits, and float64 across blocks, in the order of the blocks.
/// </summary>
internal sealed class RowBlocks
{
    private const int WideRowsPerBlock = 256;
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

    /// <summary>Two sums per channel. <paramref name="work"/> adds a block into two wide rows that begin as zeros.</summary>
    public (double[] First, double[] Second) Reduce(Action<long, long, float[], float[]> work)
    {
        var (firsts, seconds) = (new float[Blocks][], new float[Blocks][]);
        void Sum(long from, long to)
        {
            for (var block = from; block < to; block++)
            {
                firsts[block] = new float[Width];
                seconds[block] = new float[Width];
                work(Start(block), Start(block + 1), firsts[block], seconds[block]);
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

    private double[] Fold(float[][] blocks)
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
