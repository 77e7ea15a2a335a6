namespace Sscma.Tflite.Detection;

/// <summary>The two numbers that a user of the device can set.</summary>
public sealed record FirmwareOptions
{
    /// <summary>A cell is reported from this probability on (command TSCORE).</summary>
    public float ScoreThreshold { get; init; } = 0.25f;

    /// <summary>Of two boxes of one class with a greater overlap only the better one stays (command TIOU).</summary>
    public float IouThreshold { get; init; } = 0.45f;
}
