using Sscma.Imaging;
using Sscma.Training.Augmentation.Pictures;

namespace Sscma.Training.Augmentation;

/// <summary>
/// Four samples around a random centre of a canvas of twice the input size: this one at the top left, three drawn from the recent history
/// (with replacement, this one may come again). Every tile is first fitted to the input size with its aspect ratio kept, or stretched to it.
/// </summary>
/// <param name="width">Width of the network input in pixels.</param>
/// <param name="height">Height of the network input in pixels.</param>
/// <param name="cache">From which samples partners are drawn.</param>
/// <param name="probability">How often samples are combined at all.</param>
/// <param name="fill">Grey level of what no tile covers.</param>
/// <param name="mode">How a whole picture comes to the input.</param>
public sealed class Mosaic(
    int width, int height, SampleCacheOptions cache, double probability = 1, byte fill = 114, ResizeMode mode = ResizeMode.KeepRatio) : IAugmentation
{
    /// <summary>With so few samples seen, a sample passes unchanged: the same picture four times teaches little.</summary>
    internal const int TooFew = 4;

    /// <inheritdoc/>
    public SampleCacheOptions? Cache { get; } = cache;

    /// <inheritdoc/>
    public Sample Apply(Sample sample, RandomSource random, ISampleHistory history)
    {
        if (history.Count <= TooFew || !random.Chance(probability))
            return sample;
        var centreX = (int)(random.Uniform(0.5, 1.5) * width);
        var centreY = (int)(random.Uniform(0.5, 1.5) * height);

        var tiles = new List<(Picture, int, int)>(4);
        var objects = new List<LabeledBox>();
        for (var corner = 0; corner < 4; corner++)
        {
            var tile = (corner == 0 ? sample : history[random.Below(history.Count)]).Fitted(width, height, mode);
            var x = corner is 0 or 2 ? centreX - tile.Picture.Width : centreX;
            var y = corner is 0 or 1 ? centreY - tile.Picture.Height : centreY;
            tiles.Add((tile.Picture, x, y));
            foreach (var item in tile.Objects)
            {
                var placed = item.Shift(x, y).Clip(2 * width, 2 * height);
                if (placed.HasArea)
                    objects.Add(placed);
            }
        }

        return new Sample(new CanvasPicture(2 * width, 2 * height, fill, tiles), objects) { IsPicked = mode == ResizeMode.Stretch };
    }
}
