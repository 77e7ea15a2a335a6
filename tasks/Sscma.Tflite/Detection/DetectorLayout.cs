using Sscma.Diagnostics;

namespace Sscma.Tflite.Detection;

/// <summary>Which of a model's six outputs is what: found by shape alone, as the firmware finds it.</summary>
public sealed class DetectorLayout
{
    /// <summary>Channels of a box output: left, top, right, bottom.</summary>
    public const int BoxChannels = 4;

    /// <summary>Strides of the levels, in the firmware's order.</summary>
    public static IReadOnlyList<int> Strides { get; } = [8, 16, 32];

    private DetectorLayout(TfliteModel model, int imageSize, DetectorLevel[] levels) => (Model, ImageSize, Levels) = (model, imageSize, levels);

    /// <summary>The model.</summary>
    public TfliteModel Model { get; }

    /// <summary>Side of the square input.</summary>
    public int ImageSize { get; }

    /// <summary>The levels, finest first.</summary>
    public IReadOnlyList<DetectorLevel> Levels { get; }

    /// <summary>The input.</summary>
    public TfliteTensor Input => Model.Tensors[Model.Inputs[0]];

    /// <summary>The layout of a model that the firmware can run.</summary>
    /// <exception cref="DiagnosticException">The model's outputs are not those of an RTMDet detector.</exception>
    public static DetectorLayout Of(TfliteModel model)
    {
        var violations = new List<string>();
        return DetectorFormat.FindLayout(model, violations) ?? throw DetectorFormat.Broken(violations);
    }

    /// <summary>An output by its number.</summary>
    public TfliteTensor Output(int index) => Model.Tensors[Model.Outputs[index]];

    /// <summary>The layout of a model, or what is wrong with it.</summary>
    internal static DetectorLayout? Find(TfliteModel model, List<string> violations)
    {
        var before = violations.Count;
        if (model.Inputs.Length != 1)
            violations.Add($"it has {model.Inputs.Length} inputs, expected 1");
        if (model.Outputs.Length != 6)
            violations.Add($"it has {model.Outputs.Length} outputs, expected 6");
        if (violations.Count > before)
            return null;

        var shape = model.Tensors[model.Inputs[0]].Shape;
        if (shape is not [1, var side, var width, 1 or 3] || side != width || side < 32 || side % 32 != 0)
        {
            violations.Add($"its input has the shape [{string.Join(",", shape)}], expected [1,S,S,3] or [1,S,S,1] with S a multiple of 32");
            return null;
        }

        var levels = Strides.Select(stride => LevelOf(model, stride, side / stride, violations)).OfType<DetectorLevel>().ToArray();
        return violations.Count > before ? null : new DetectorLayout(model, side, levels);
    }

    private static DetectorLevel? LevelOf(TfliteModel model, int stride, int side, List<string> violations)
    {
        var cells = side * side;
        var outputs = Enumerable.Range(0, model.Outputs.Length)
            .Where(k => model.Tensors[model.Outputs[k]].Shape is [1, var n, > 0] && n == cells)
            .ToArray();
        var boxes = outputs.Where(k => Channels(k) == BoxChannels).ToArray();
        var scores = outputs.Except(boxes).ToArray();
        if (boxes.Length == 1 && scores.Length == 1)
            return new DetectorLevel(stride, side, Channels(scores[0]), scores[0], boxes[0]);
        violations.Add(boxes.Length == 2 && scores.Length == 0
            ? $"its scores of stride {stride} have exactly 4 classes, which the firmware takes for boxes: add a fifth class that never wins"
            : $"stride {stride} has {scores.Length} score outputs [1,{cells},classes] and {boxes.Length} box outputs [1,{cells},4], expected one of each");
        return null;

        int Channels(int k) => model.Tensors[model.Outputs[k]].Shape[2];
    }
}
