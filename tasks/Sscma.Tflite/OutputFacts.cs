namespace Sscma.Tflite;

/// <summary>What the numbers of the outputs mean.</summary>
public sealed record OutputFacts
{
    /// <summary>The scores: a probability is the sigmoid of a logit.</summary>
    public string Scores { get; init; } = "logits";

    /// <summary>The boxes: distances from the cell's point to the left, top, right and bottom side.</summary>
    public string Boxes { get; init; } = "ltrb";

    /// <summary>The distances' unit: the level's stride.</summary>
    public string Unit { get; init; } = "stride";
}
