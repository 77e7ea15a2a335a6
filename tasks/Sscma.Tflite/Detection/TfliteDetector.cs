using Sscma.Detection;

namespace Sscma.Tflite.Detection;

/// <summary>
/// A detector in memory, for apps: an RTMDet <c>.tflite</c> file run by <see cref="Interpreter"/>.
/// One instance serves one thread at a time.
/// </summary>
public sealed class TfliteDetector
{
    /// <summary>Reads and checks a model.</summary>
    /// <param name="model">Bytes of the <c>.tflite</c> file.</param>
    /// <exception cref="Diagnostics.DiagnosticException">The bytes are no RTMDet detector.</exception>
    public TfliteDetector(byte[] model) => throw new NotSupportedException("lands next");

    /// <summary>Name of each class.</summary>
    public IReadOnlyList<string> Labels => throw new NotSupportedException("lands next");

    /// <summary>Side of the square input in pixels.</summary>
    public int ImageSize => throw new NotSupportedException("lands next");

    /// <summary>Where a cell's point lies: <see cref="DecodeOptions.PointOffset"/> of this model.</summary>
    public float PointOffset => throw new NotSupportedException("lands next");

    /// <summary>Runs the network.</summary>
    /// <param name="rgb">(S, S, 3), 0 to 255.</param>
    /// <returns>Real values of the raw outputs, levels of stride 8, 16, 32; classes without a label are left out.</returns>
    public IReadOnlyList<LevelOutput> Run(ReadOnlySpan<byte> rgb) => throw new NotSupportedException("lands next");

    /// <summary>Finds the objects in an image of any size: letterbox, network, decoder.</summary>
    /// <param name="rgb">(height, width, 3), 0 to 255, rows from the top.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="options">Thresholds and limits; scale, offset and original size are set by this method.</param>
    /// <returns>Boxes in pixels of the given image, best score first.</returns>
    public IReadOnlyList<DetectedObject> Detect(ReadOnlySpan<byte> rgb, int width, int height, DecodeOptions? options = null) =>
        throw new NotSupportedException("lands next");
}
