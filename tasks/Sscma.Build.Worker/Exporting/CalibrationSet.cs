using System.Collections;
using Sscma.Coco;
using Sscma.Files;
using Sscma.Imaging;
using Sscma.Quantization;

namespace Sscma.Build.Worker.Exporting;

/// <summary>
/// Images of a split, letterboxed as the validation does it. They are kept as bytes and become floats when asked for:
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
            for (var i = 0; i < pixels.Length; i++)
                image[(i % _channels * plane) + (i / _channels)] = pixels[i] / 255f;

            return image;
        }
    }

    /// <summary>Decodes the chosen images.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">SSCMA10xx: an image cannot be read.</exception>
    public static CalibrationSet Load(IReadOnlyList<CocoImage> images, int count, int seed, NetworkInput input, CancellationToken cancellation)
    {
        var chosen = Draw(images, count, seed);
        var pixels = new byte[chosen.Count][];
        var files = new CalibrationImage[chosen.Count];
        for (var i = 0; i < pixels.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var colours = Letterbox.Fit(ImageFile.Decode(chosen[i].Path), input.Width, input.Height).Image.Pixels;
            pixels[i] = input.Channels == 1 ? GreyPicture.Of(colours) : colours;
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

    /// <inheritdoc/>
    public IEnumerator<float[]> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
