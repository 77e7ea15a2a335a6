using Sscma.Detection;
using Sscma.Diagnostics;
using Sscma.Imaging;

namespace Sscma.Tflite.Detection;

/// <summary>
/// A detector in memory, for apps: an RTMDet <c>.tflite</c> file run by <see cref="Interpreter"/>.
/// One instance serves one thread at a time.
/// </summary>
public sealed class TfliteDetector
{
    private readonly DetectorLayout _layout;
    private readonly Interpreter _interpreter;
    private readonly FirmwareDecoder _asDevice;

    private byte[] _input = [];
    private byte[][] _outputs = [];

    /// <summary>Reads and checks a model.</summary>
    /// <param name="model">Bytes of the <c>.tflite</c> file.</param>
    /// <exception cref="DiagnosticException">The bytes are no RTMDet detector of a known precision; an int8 one must be what the firmware accepts.</exception>
    public TfliteDetector(byte[] model)
        : this(TfliteFile.Read(model))
    {
    }

    /// <summary>Checks a model.</summary>
    /// <exception cref="DiagnosticException">The model is no RTMDet detector of a known precision; an int8 one must be what the firmware accepts.</exception>
    public TfliteDetector(TfliteModel model)
    {
        _layout = DetectorFormat.Require(model);
        _interpreter = new Interpreter(model);
        _asDevice = new FirmwareDecoder(model);
        var metadata = SscmaMetadata.Read(model);
        Labels = metadata?.Labels ?? [.. Enumerable.Range(0, Classes).Select(label => $"class {label}")];
        PointOffset = metadata?.PointOffset ?? 0.5f;
        Resize = metadata?.Input.Resize ?? ResizeMode.KeepRatio;
        if (Labels.Count > Classes || (metadata is not null && metadata.ImageSize != ImageSize))
            throw DetectorFormat.Broken([$"its metadata tells of {Labels.Count} labels and an input of {metadata!.ImageSize} pixels, its tensors of {Classes} classes and {ImageSize} pixels"]);
    }

    /// <summary>Name of each class.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Side of the square input in pixels.</summary>
    public int ImageSize => _layout.ImageSize;

    /// <summary>Where a cell's point lies: <see cref="DecodeOptions.PointOffset"/> of this model.</summary>
    public float PointOffset { get; }

    /// <summary>How <see cref="Detect"/> makes the input of a whole image, as the model was trained: the file says it.</summary>
    public ResizeMode Resize { get; }

    /// <summary>The model that runs.</summary>
    public TfliteModel Model => _layout.Model;

    /// <summary>Whether the SSCMA-Micro firmware runs the file: it is int8 (or uint8), and then has everything else that the firmware asks of it.</summary>
    public bool RunsOnDevice => DetectorFormat.RunsOnDevice(_layout);

    private int Classes => _layout.Levels[0].Classes;

    /// <summary>Runs the network.</summary>
    /// <param name="rgb">(S, S, 3), 0 to 255.</param>
    /// <returns>Real values of the raw outputs, levels of stride 8, 16, 32; classes without a label are left out.</returns>
    public IReadOnlyList<LevelOutput> Run(ReadOnlySpan<byte> rgb)
    {
        var outputs = Infer(DetectorInput.From(_layout.Input, rgb));
        return [.. _layout.Levels.Select(level => ReadLevel(level, outputs))];
    }

    /// <summary>Finds the objects in an image of any size: fitted into the input as <see cref="Resize"/> says, network, decoder.</summary>
    /// <param name="rgb">(height, width, 3), 0 to 255, rows from the top.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="options">Thresholds and limits; scale, point offset and original size are set by this method. Null: score at least 0.25.</param>
    /// <returns>Boxes in pixels of the given image, clipped to it, best score first.</returns>
    public IReadOnlyList<DetectedObject> Detect(ReadOnlySpan<byte> rgb, int width, int height, DecodeOptions? options = null)
    {
        CheckSize(rgb, width, height);
        var input = new byte[ImageSize * ImageSize * 3];
        var fit = InputFit.Draw(rgb, width, height, input, ImageSize, ImageSize, Resize);
        options ??= new DecodeOptions { ScoreThreshold = 0.25f };
        return RtmDetDecoder.Decode(Run(input), options with
        {
            PointOffset = PointOffset, ScaleX = fit.ScaleX, ScaleY = fit.ScaleY, OriginalWidth = width, OriginalHeight = height,
        });
    }

    /// <summary>
    /// Finds what an SSCMA-Micro device reports for an image: stretched to the input by nearest neighbour, thresholds on codes, one class per cell,
    /// the firmware's order and overlap. See <see cref="FirmwareDecoder"/>.
    /// </summary>
    /// <param name="rgb">(height, width, 3), 0 to 255, rows from the top: the camera's frame.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="options">Null: the device's own, score from 0.25 and overlap up to 0.45.</param>
    /// <returns>The device's list, best score first. What a serial line shows of it is rounded to pixels and per cent.</returns>
    /// <exception cref="InvalidOperationException">The firmware does not run the file: see <see cref="RunsOnDevice"/>.</exception>
    public IReadOnlyList<FirmwareBox> DetectAsDevice(ReadOnlySpan<byte> rgb, int width, int height, FirmwareOptions? options = null)
    {
        if (!RunsOnDevice)
            throw new InvalidOperationException($"the model's input is {_layout.Input.Type}; the SSCMA-Micro firmware runs int8 files only");
        CheckSize(rgb, width, height);
        return _asDevice.Decode(Infer(FirmwareInput.From(_layout.Input, rgb, width, height)), options);
    }

    private static void CheckSize(ReadOnlySpan<byte> rgb, int width, int height)
    {
        if (width <= 0 || height <= 0 || rgb.Length != (long)width * height * 3)
            throw new ArgumentException($"{rgb.Length} bytes are no {width}x{height} RGB image", nameof(rgb));
    }

    // Whoever asks for both views of a picture often asks twice for the same: the input differs only where the two ways to fit a picture do.
    private byte[][] Infer(byte[] input)
    {
        if (_outputs.Length == 0 || !input.AsSpan().SequenceEqual(_input))
            (_outputs, _input) = (_interpreter.Run([input]), input);
        return _outputs;
    }

    private LevelOutput ReadLevel(DetectorLevel level, byte[][] outputs)
    {
        var cells = level.Side * level.Side;
        var scores = new TensorReals(_layout.Output(level.Scores), outputs[level.Scores]);
        var boxes = new TensorReals(_layout.Output(level.Boxes), outputs[level.Boxes]);
        var logits = new float[cells * Labels.Count];
        for (var i = 0; i < logits.Length; i++)
            logits[i] = scores[(i / Labels.Count * level.Classes) + (i % Labels.Count)];
        var distances = new float[cells * DetectorLayout.BoxChannels];
        for (var i = 0; i < distances.Length; i++)
            distances[i] = boxes[i];
        return new LevelOutput(level.Stride, level.Side, level.Side, logits, distances);
    }
}
