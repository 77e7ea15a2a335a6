using Sscma.Quantization.Calibration;

namespace Sscma.Quantization;

/// <summary>How a graph is converted.</summary>
internal sealed record ConversionOptions
{
    /// <summary>In which numbers the file computes.</summary>
    public Precision Precision { get; init; } = Precision.Int8;

    /// <summary>How ranges of activations inside the network are taken; null tries every method and keeps the best.</summary>
    public RangeMethod? Ranges { get; init; } = RangeMethod.Mse;

    /// <summary>Ranges that were learnt, by the value's name, for <see cref="RangeMethod.Learnt"/>.</summary>
    public IReadOnlyDictionary<string, Graph.ValueRange> Learnt { get; init; } = new Dictionary<string, Graph.ValueRange>();

    /// <summary>Whether channels are equalized; null tries both where every method is tried, else no.</summary>
    public bool? Equalize { get; init; }

    /// <summary>Whether biases take back what rounding the weights adds to the mean.</summary>
    public bool CorrectBias { get; init; } = true;

    /// <summary>Threads inside one operator of ONNX Runtime.</summary>
    public int Threads { get; init; } = 1;
}
