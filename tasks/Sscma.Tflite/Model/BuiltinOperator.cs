namespace Sscma.Tflite;

/// <summary>Operators of the TFLite schema that this library reads, writes and runs. The number is the schema's builtin code.</summary>
public enum BuiltinOperator
{
    /// <summary>a + b.</summary>
    Add = 0,

    /// <summary>Mean of a window.</summary>
    AveragePool2D = 1,

    /// <summary>Joins tensors along an axis.</summary>
    Concatenation = 2,

    /// <summary>2-D convolution.</summary>
    Conv2D = 3,

    /// <summary>2-D convolution of each channel by itself.</summary>
    DepthwiseConv2D = 4,

    /// <summary>Codes to float32.</summary>
    Dequantize = 6,

    /// <summary>Matrix product.</summary>
    FullyConnected = 9,

    /// <summary>Sigmoid.</summary>
    Logistic = 14,

    /// <summary>Maximum of a window.</summary>
    MaxPool2D = 17,

    /// <summary>a * b.</summary>
    Mul = 18,

    /// <summary>max(0, x).</summary>
    Relu = 19,

    /// <summary>min(6, max(0, x)).</summary>
    Relu6 = 21,

    /// <summary>Same elements, other shape.</summary>
    Reshape = 22,

    /// <summary>Bilinear enlargement or reduction.</summary>
    ResizeBilinear = 23,

    /// <summary>Softmax over the last axis.</summary>
    Softmax = 25,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh = 28,

    /// <summary>An operator that is named by text, such as <c>ethos-u</c>.</summary>
    Custom = 32,

    /// <summary>Adds a border of the zero point.</summary>
    Pad = 34,

    /// <summary>Exchanges axes.</summary>
    Transpose = 39,

    /// <summary>Mean over axes.</summary>
    Mean = 40,

    /// <summary>a - b.</summary>
    Sub = 41,

    /// <summary>Drops axes of extent 1.</summary>
    Squeeze = 43,

    /// <summary>Part of a tensor, with steps.</summary>
    StridedSlice = 45,

    /// <summary>Cuts a tensor into equal parts.</summary>
    Split = 49,

    /// <summary>Greater of a and b.</summary>
    Maximum = 55,

    /// <summary>Lesser of a and b.</summary>
    Minimum = 57,

    /// <summary>Adds a border of a given constant.</summary>
    PadV2 = 60,

    /// <summary>Part of a tensor.</summary>
    Slice = 65,

    /// <summary>Inserts an axis of extent 1.</summary>
    ExpandDims = 70,

    /// <summary>Sum over axes.</summary>
    Sum = 74,

    /// <summary>Nearest-neighbour enlargement or reduction.</summary>
    ResizeNearestNeighbor = 97,

    /// <summary>x for x ≥ 0, alpha * x below.</summary>
    LeakyRelu = 98,

    /// <summary>float32 to codes, or codes to codes of another quantization.</summary>
    Quantize = 114,

    /// <summary>x * relu6(x + 3) / 6.</summary>
    HardSwish = 117,
}
