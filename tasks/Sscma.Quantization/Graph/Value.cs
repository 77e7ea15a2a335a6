using Sscma.Quantization.Scales;

namespace Sscma.Quantization.Graph;

/// <summary>A value that flows through the network; compared by identity.</summary>
/// <param name="name">Its name in the ONNX file, where it has one.</param>
/// <param name="shape">(1, H, W, C); an output of the detector is (1, cells, channels).</param>
internal sealed class Value(string name, params int[] shape)
{
    public string Name { get; } = name;

    public int[] Shape { get; } = shape;

    /// <summary>Whether ONNX too has the channels of this value last.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>What the ONNX file says about the value's codes; null where it says nothing.</summary>
    public Codes? Given { get; set; }

    public int Count => Shape.Aggregate(1, (product, extent) => product * extent);

    public int Height => Shape[1];

    public int Width => Shape[2];

    public int Channels => Shape[^1];

    public override string ToString() => $"{Name} [{string.Join(',', Shape)}]";
}
