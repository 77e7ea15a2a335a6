using Sscma.Diagnostics;

namespace Sscma.Tflite.Detection;

/// <summary>
/// From raw outputs to boxes exactly as the device does it, its peculiarities included: threshold on codes, one class per cell
/// (of equal codes the highest class), list order, and an overlap that takes centres for corners.
/// Source: Seeed-Studio SSCMA-Micro, commit 60e2ede (March 2026), RTMDet post-process and NMS.
/// </summary>
public sealed class FirmwareDecoder
{
    /// <summary>Distance of 1 to the next float: what the device takes for nothing.</summary>
    private const float Epsilon = 1.1920929e-7f;

    private readonly DetectorLayout _layout;

    /// <summary>Makes a decoder for the outputs of a model.</summary>
    /// <exception cref="DiagnosticException">The model's outputs are not those of an RTMDet detector.</exception>
    public FirmwareDecoder(TfliteModel model) => _layout = DetectorLayout.Of(model);

    /// <summary>Decodes the raw outputs of one run, in the model's order.</summary>
    /// <returns>The device's list: best score first.</returns>
    public IReadOnlyList<FirmwareBox> Decode(IReadOnlyList<byte[]> outputs, FirmwareOptions? options = null)
    {
        options ??= new FirmwareOptions();
        var found = new List<FirmwareBox>();
        foreach (var level in _layout.Levels)
            Collect(level, outputs, options.ScoreThreshold, found);

        // The device pushes each box to the front of its list and then sorts stably: of equal scores the later cell comes first.
        found.Reverse();
        return Suppress([.. found.OrderByDescending(box => box.Score)], options.IouThreshold);
    }

    private void Collect(DetectorLevel level, IReadOnlyList<byte[]> outputs, float threshold, List<FirmwareBox> found)
    {
        var scores = new TensorReals(_layout.Output(level.Scores), outputs[level.Scores]);
        var distances = new TensorReals(_layout.Output(level.Boxes), outputs[level.Boxes]);
        var logit = MathF.Log(threshold / MathF.Max(1 - threshold, Epsilon));
        var lowest = (int)(MathF.Floor(logit / scores.Scale) + scores.ZeroPoint);
        var toFraction = (float)level.Stride / _layout.ImageSize;
        for (var cell = 0; cell < level.Side * level.Side; cell++)
        {
            var (best, bestClass) = (lowest, -1);
            for (var c = 0; c < level.Classes; c++)
            {
                if (scores.Code((cell * level.Classes) + c) is var code && code >= best)
                    (best, bestClass) = (code, c);
            }

            if (bestClass < 0)
                continue;
            var (left, top) = (distances[cell * 4], distances[(cell * 4) + 1]);
            var (right, bottom) = (distances[(cell * 4) + 2], distances[(cell * 4) + 3]);
            var score = 1 / (1 + MathF.Exp(-((best - scores.ZeroPoint) * scores.Scale)));
            found.Add(new FirmwareBox(
                ((cell % level.Side) + 0.5f + ((right - left) / 2)) * toFraction,
                ((cell / level.Side) + 0.5f + ((bottom - top) / 2)) * toFraction,
                (left + right) * toFraction,
                (top + bottom) * toFraction,
                score,
                bestClass));
        }
    }

    private static List<FirmwareBox> Suppress(FirmwareBox[] sorted, float iouThreshold)
    {
        var kept = new List<FirmwareBox>();
        foreach (var box in sorted)
        {
            if (!kept.Any(better => better.ClassIndex == box.ClassIndex && Overlap(better, box) > iouThreshold))
                kept.Add(box);
        }

        return kept;
    }

    // The device's routine is made for top-left corners but gets centres: right for equal sizes only. A prediction must copy it.
    private static float Overlap(in FirmwareBox a, in FirmwareBox b)
    {
        var width = MathF.Min(a.CenterX + a.Width, b.CenterX + b.Width) - MathF.Max(a.CenterX, b.CenterX);
        var height = MathF.Min(a.CenterY + a.Height, b.CenterY + b.Height) - MathF.Max(a.CenterY, b.CenterY);
        if (width <= 0 || height <= 0)
            return 0;
        var shared = width * height;
        var union = (a.Width * a.Height) + (b.Width * b.Height) - shared;
        return MathF.Abs(union) < Epsilon ? 0 : shared / union;
    }
}
