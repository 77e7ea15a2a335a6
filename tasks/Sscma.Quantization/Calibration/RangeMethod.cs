namespace Sscma.Quantization.Calibration;

/// <summary>How the range of an activation is taken from its statistics.</summary>
public enum RangeMethod
{
    /// <summary>The range whose rounding and saturation together err least, in the mean of squares.</summary>
    Mse,

    /// <summary>Lowest to highest value seen: nothing saturates on the calibration images.</summary>
    MinMax,

    /// <summary>All but one of 10,000 values: half of the rest is cut at each end.</summary>
    Percentile,

    /// <summary>The range whose codes keep the distribution best: least relative entropy.</summary>
    Entropy,

    /// <summary>The ranges that quantization-aware training has learnt, which the ONNX file carries; of other values lowest to highest.</summary>
    Learnt,
}
