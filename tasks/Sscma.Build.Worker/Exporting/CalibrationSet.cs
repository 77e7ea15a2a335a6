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

    private CalibrationSet(byte[][] pixels, CalibrationImage[] files) => (_pixels, Files) = (pixels, files);

    /// <summary>The files, in the order of the images.</summary>
    public IReadOnlyList<CalibrationImage> Files { get; }

    /// <inheritdoc/>
    public int Count => _pixels.Length;

    /// <summary>One image: (3, S, S), RGB, pixel / 255.</summary>
    public float[] this[int index]
    {
        get
        {
            var pixels = _pixels[index];
            var plane = pixels.Length / 3;
            var image = new float[pixels.Length];
            for (var i = 0; i < plane; i++)
            {
                image[i] = pixels[3 * i] / 255f;
                image[plane + i] = pixels[(3 * i) + 1] / 255f;
                image[(2 * plane) + i] = pixels[(3 * i) + 2] / 255f;
            }

            return image;
        }
    }

    /// <summary>Decodes the chosen images.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">SSCMA10xx: an image cannot be read.</exception>
    public static CalibrationSet Load(IReadOnlyList<CocoImage> images, int count, int seed, int imageSize, ResizeMode mode, CancellationToken cancellation)
    {
        var chosen = Draw(images, count, seed);
        var pixels = new byte[chosen.Count][];
        var files = new CalibrationImage[chosen.Count];
        for (var i = 0; i < pixels.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            pixels[i] = InputImage.Of(ImageFile.Decode(chosen[i].Path), imageSize, imageSize, mode).Image.Pixels;
            files[i] = new CalibrationImage(chosen[i].FileName, new FileInfo(chosen[i].Path).Length, Digest.OfFile(chosen[i].Path));
        }

        return new CalibrationSet(pixels, files);
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
