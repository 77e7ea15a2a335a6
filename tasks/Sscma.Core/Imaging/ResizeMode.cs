using System.Text.Json.Serialization;

namespace Sscma.Imaging;

/// <summary>How a whole picture comes to a network's square input. A file says it of itself; training, calibration and evaluation keep to it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResizeMode>))]
public enum ResizeMode
{
    /// <summary>Its proportions are kept: bilinear to the largest size that fits, grey at the right and below.</summary>
    KeepRatio,

    /// <summary>It is stretched to the square as the SSCMA-Micro firmware does it, by <see cref="NearestResizer"/>.</summary>
    Stretch,
}
