namespace Sscma.Training.Configuration;

/// <summary>The dynamic soft label assigner.</summary>
public sealed record AssignerConfig
{
    /// <summary>The best overlaps whose sum says how many cells an object gets.</summary>
    [Bounds(1, 1000)]
    public int Topk { get; init; } = 13;
}
