using System.Text.Json.Serialization;
using Sscma.Imaging;

namespace Sscma.Tflite;

/// <summary>How a picture becomes the network's input: real value = (pixel - mean) / divisor; codes follow from the tensor's scale and zero point.</summary>
public sealed record InputFacts
{
    /// <summary>Order of the channels; GREY for a single one.</summary>
    public string Channels { get; init; } = "RGB";

    /// <summary>Subtracted from every pixel of 0 to 255.</summary>
    public float Mean { get; init; }

    /// <summary>What the rest is divided by.</summary>
    public float Divisor { get; init; } = 255;

    /// <summary>How a whole picture comes to the square input. A file that does not say it keeps the ratio.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ResizeMode Resize { get; init; }
}
