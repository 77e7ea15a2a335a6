namespace Sscma.Quantization;

/// <summary>A file that an export can write.</summary>
public enum ExportFormat
{
    /// <summary>TensorFlow Lite: always written.</summary>
    Tflite,

    /// <summary>ONNX, float32.</summary>
    Onnx,

    /// <summary>ONNX with pairs of QuantizeLinear and DequantizeLinear: the codes of the .tflite file.</summary>
    OnnxQdq,
}
