using Sscma.Training.Augmentation;

namespace Sscma.Training.Loading;

/// <summary>Samples that are trained on together. Its buffer goes back to the loader when it is disposed.</summary>
public sealed class TrainingBatch : IDisposable
{
    private readonly Action<byte[]> _giveBack;

    internal TrainingBatch(int count, int size, byte[] pixels, Action<byte[]> giveBack)
    {
        (Count, Size, Pixels, _giveBack) = (count, size, pixels, giveBack);
        Objects = new IReadOnlyList<LabeledBox>[count];
    }

    /// <summary>Number of images, N.</summary>
    public int Count { get; }

    /// <summary>Width and height of every image in pixels.</summary>
    public int Size { get; }

    /// <summary>(N, H, W, 3), RGB, 0 to 255; may be longer than the batch needs.</summary>
    public byte[] Pixels { get; }

    /// <summary>The objects of each image, in its pixels.</summary>
    public IReadOnlyList<LabeledBox>[] Objects { get; }

    /// <summary>The pixels of one image, (H, W, 3).</summary>
    public Span<byte> Image(int index) => Pixels.AsSpan(index * Size * Size * 3, Size * Size * 3);

    /// <inheritdoc/>
    public void Dispose() => _giveBack(Pixels);
}
