namespace Sscma.Training.Configuration;

/// <summary>How the weights get used to the integer file.</summary>
public sealed record QuantizationConfig
{
    /// <summary><c>ptq</c>: not at all, the file is made from float weights. <c>qat</c>: a last stage trains them with the file's rounding.</summary>
    [OneOf("ptq", "qat")]
    public string Method { get; init; } = "ptq";

    /// <summary>Epochs of that stage, E. Ranges rest from epoch ⌊E/3⌋ on, the norms' statistics from 2⌊E/3⌋ on (counted from 0).</summary>
    [Bounds(1, 100000)]
    public int Epochs { get; init; } = 5;

    /// <summary>Its learning rate after the warm-up, scaled as <c>optim.lr</c> is.</summary>
    [Bounds(0, 10)]
    public double Lr { get; init; } = 0.00002;

    /// <summary>Whether that stage is asked for.</summary>
    [NotAKey]
    public bool IsAware => Method == "qat";
}
