using Sscma.Coco;
using Sscma.Detection;
using Sscma.Imaging;
using Sscma.Training.Augmentation;
using Sscma.Training.Augmentation.Pictures;

namespace Sscma.Training.Loading;

/// <summary>
/// The images of a training split in their order, with decoded pixels kept in memory. Left out, as the reference does: images without an object,
/// images with a side below a limit, crowd regions, boxes narrower or lower than one pixel.
/// </summary>
public sealed class TrainingSet : ISampleSource
{
    /// <summary>Decoded pixels that are kept unless told otherwise.</summary>
    public const long DefaultCacheBytes = 512L << 20;

    private readonly ShuffledOrder _order;
    private readonly PixelCache _pixels;

    /// <summary>Makes a training set.</summary>
    /// <param name="images">What to train on, at least one.</param>
    /// <param name="imageSize">Side of the network input in pixels. Images are kept at about twice this size: the largest that a mosaic's tile or
    /// a crop at ratio 1 can show; a crop at a greater ratio magnifies.</param>
    /// <param name="seed">Decides the order.</param>
    /// <param name="mode">How a whole picture comes to the input: pictures that will be stretched are made smaller by nearest neighbour, axis by axis.</param>
    /// <param name="cacheBytes">Bytes of decoded pixels to keep.</param>
    public TrainingSet(
        IReadOnlyList<TrainingImage> images, int imageSize, long seed, ResizeMode mode = ResizeMode.KeepRatio, long cacheBytes = DefaultCacheBytes)
    {
        Images = images;
        _order = new ShuffledOrder(images.Count, seed);
        _pixels = new PixelCache(index => mode == ResizeMode.Stretch ? DecodeSampled(images[index].Path, 2 * imageSize) : Decode(images[index].Path, 2 * imageSize), images.Count, cacheBytes);
    }

    /// <summary>The images, in the order of the annotation file.</summary>
    public IReadOnlyList<TrainingImage> Images { get; }

    /// <inheritdoc/>
    public int Count => Images.Count;

    /// <summary>What of a dataset is trained on.</summary>
    /// <param name="dataset">The training split.</param>
    /// <param name="minSide">Images with a smaller side, in pixels, are left out.</param>
    public static IReadOnlyList<TrainingImage> Select(CocoDataset dataset, int minSide)
    {
        var objects = dataset.Objects.Where(item => !item.IsCrowd && item.Area > 0 && item.Width >= 1 && item.Height >= 1).ToLookup(item => item.ImageIndex);
        var selected = new List<TrainingImage>();
        for (var i = 0; i < dataset.Images.Count; i++)
        {
            var image = dataset.Images[i];
            var boxes = objects[i].Select(item => Clipped(item, image)).Where(item => item.HasArea).ToArray();
            if (boxes.Length > 0 && Math.Min(image.Width, image.Height) >= minSide)
                selected.Add(new TrainingImage(image.Path, image.Width, image.Height, boxes));
        }

        return selected;
    }

    /// <inheritdoc/>
    public int IndexAt(long position) => _order[position];

    /// <inheritdoc/>
    public Sample Load(int index)
    {
        var image = Images[index];
        var pixels = _pixels.Get(index);
        var (x, y) = ((float)pixels.Width / image.Width, (float)pixels.Height / image.Height);
        return new Sample(new ImagePicture(pixels), [.. image.Objects.Select(item => item.Scale(x, y))]);
    }

    private static LabeledBox Clipped(CocoObject item, CocoImage image) =>
        new LabeledBox(new Box((float)item.X, (float)item.Y, (float)(item.X + item.Width), (float)(item.Y + item.Height)), item.ClassIndex).Clip(image.Width, image.Height);

    private static RgbImage Decode(string path, int wantedSide)
    {
        var image = ImageFile.DecodeFitting(path, wantedSide);

        // JPEG comes at about the wanted size by itself; a second, small reduction would only blur.
        if (Math.Max(image.Width, image.Height) <= 1.5 * wantedSide)
            return image;
        var (width, height) = Letterbox.FittedSize(image.Width, image.Height, wantedSide, wantedSide);
        return ImageResizer.Bilinear(image, width, height);
    }

    /// <summary>The device picks pixels out of the whole picture, so it is neither decoded at a reduction nor smoothed.</summary>
    private static RgbImage DecodeSampled(string path, int mostSide)
    {
        var image = ImageFile.Decode(path);
        var (width, height) = (Math.Min(image.Width, mostSide), Math.Min(image.Height, mostSide));
        return width == image.Width && height == image.Height ? image : InputImage.Of(image, width, height, ResizeMode.Stretch).Image;
    }
}
