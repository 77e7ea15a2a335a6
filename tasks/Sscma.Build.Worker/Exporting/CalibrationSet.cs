using System.Collections;
using Sscma.Coco;
using Sscma.Files;
using Sscma.Imaging;
using Sscma.Quantization;

namespace Sscma.Build.Worker.Exporting;

/// <summary>
/// Images of a split, fitted into the input as the validation does it. They are kept as bytes and become floats when asked for:
/// a hundred images of 640x640 would else take half a gigabyte.
/// </summary>
internal sealed class CalibrationSet : IReadOnlyList<float[]>
{
    private readonly byte[][] _pixels;
    private readonly int _channels;

    private CalibrationSet(byte[][] pixels, int channels, CalibrationImage[] files) => (_pixels, _channels, Files) = (pixels, channels, files);

    /// <summary>The files, in the order of the images.</summary>
    public IReadOnlyList<CalibrationImage> Files { get; }

    /// <inheritdoc/>
    public int Count => _pixels.Length;

    /// <summary>One image: (C, H, W), RGB or grey, pixel / 255.</summary>
    public float[] this[int index]
    {
        get
        {
            var pixels = _pixels[index];
            var plane = pixels.Length / _channels;
            var image = new float[pixels.Length];
            for (var i = 0; i < plane; i++)
            {
                for (var channel = 0; channel < _channels; channel++)
                    image[(channel * plane) + i] = pixels[(_channels * i) + channel] / 255f;
            }

            return image;
        }
    }

    /// <summary>Decodes the chosen images, as the model takes them.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">SSCMA10xx: an image cannot be read.</exception>
    public static CalibrationSet Load(IReadOnlyList<CocoImage> images, int count, int seed, ModelInput input, ResizeMode mode, CancellationToken cancellation)
    {
        var chosen = Draw(images, count, seed);
        var pixels = new byte[chosen.Count][];
        var files = new CalibrationImage[chosen.Count];
        for (var i = 0; i < pixels.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var rgb = InputImage.Of(ImageFile.Decode(chosen[i].Path), input.Width, input.Height, mode).Image.Pixels;
            pixels[i] = input.Channels == 1 ? Grey(rgb) : rgb;
            files[i] = new CalibrationImage(chosen[i].FileName, new FileInfo(chosen[i].Path).Length, Digest.OfFile(chosen[i].Path));
        }

        return new CalibrationSet(pixels, input.Channels, files);
    }

    /// <summary>
    /// Draws by the digest of seed and file name: the same names give the same choice in whatever order the file lists them, and one image
    /// more changes it by one at most. The chosen ones come by name.
    /// </summary>
    internal static IReadOnlyList<CocoImage> Draw(IReadOnlyList<CocoImage> images, int count, int seed) =>
    [
        .. images
            .OrderBy(image => Digest.OfBytes(System.Text.Encoding.UTF8.GetBytes($"{seed}/{image.FileName}")), StringComparer.Ordinal)
            .ThenBy(image => image.FileName, StringComparer.Ordinal)
            .Take(count)
            .OrderBy(image => image.FileName, StringComparer.Ordinal),
    ];

    /// <summary>Luma of each pixel by the weights of ITU-R BT.601, rounded.</summary>
    internal static byte[] Grey(byte[] rgb)
    {
        var grey = new byte[rgb.Length / 3];
        for (var i = 0; i < grey.Length; i++)
            grey[i] = (byte)(((299 * rgb[3 * i]) + (587 * rgb[(3 * i) + 1]) + (114 * rgb[(3 * i) + 2]) + 500) / 1000);
        return grey;
    }

    /// <inheritdoc/>
    public IEnumerator<float[]> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
