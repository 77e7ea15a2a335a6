using Sscma.Quantization.Calibration;

namespace Sscma.Quantization;

/// <summary>Choices of the conversion that a user need not make.</summary>
internal sealed record ConversionOptions
{
    /// <summary>How ranges of activations inside the network are taken.</summary>
    public RangeMethod Ranges { get; init; } = RangeMethod.LeastSquares;

    /// <summary>Whether biases take back what rounding the weights adds to the mean.</summary>
    public bool CorrectBias { get; init; } = true;

    /// <summary>Threads inside one operator of ONNX Runtime.</summary>
    public int Threads { get; init; } = 1;
}
