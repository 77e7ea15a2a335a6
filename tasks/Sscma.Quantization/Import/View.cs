using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Import;

/// <summary>How an ONNX value lies over a value of the network, which is always (1, H, W, C).</summary>
internal enum Layout
{
    /// <summary>(1, C, H, W): ONNX's own order.</summary>
    Image,

    /// <summary>(1, H, W, C).</summary>
    ChannelsLast,

    /// <summary>(1, C, H·W).</summary>
    ChannelRows,

    /// <summary>(1, H·W, C): what the firmware wants of an output.</summary>
    Cells,

    /// <summary>(1, C·H·W), channel after channel: what Flatten makes of an image.</summary>
    Flat,
}

/// <summary>
/// What an ONNX name stands for. Most Transpose, Reshape and Flatten nodes only change the layout; they vanish, since the network is
/// channels-last already, and weights that meet a flattened image are permuted instead.
/// </summary>
internal sealed record View(Value Value, Layout Layout = Layout.Image)
{
    /// <summary>The shape in ONNX.</summary>
    public long[] Shape => Layout switch
    {
        Layout.Image => [1, Value.Channels, Value.Height, Value.Width],
        Layout.ChannelsLast => [1, Value.Height, Value.Width, Value.Channels],
        Layout.ChannelRows => [1, Value.Channels, (long)Value.Height * Value.Width],
        Layout.Cells => [1, (long)Value.Height * Value.Width, Value.Channels],
        _ => [1, Value.Count],
    };

    /// <summary>Axes of the value that each ONNX axis stands for, outermost first.</summary>
    public int[][] Axes => Layout switch
    {
        Layout.Image => [[0], [3], [1], [2]],
        Layout.ChannelsLast => [[0], [1], [2], [3]],
        Layout.ChannelRows => [[0], [3], [1, 2]],
        Layout.Cells => [[0], [1, 2], [3]],
        _ => [[0], [3, 1, 2]],
    };

    /// <summary>Whether the elements lie in memory as ONNX has them.</summary>
    public bool IsPlain => Layout is Layout.ChannelsLast or Layout.Cells || Value.Channels == 1 || Value.Count == Value.Channels;

    /// <summary>The view after a Transpose, or null if elements must move for it.</summary>
    public View? Transposed(long[] axes) => (Layout, axes) switch
    {
        (Layout.Image, [0, 2, 3, 1]) => this with { Layout = Layout.ChannelsLast },
        (Layout.ChannelsLast, [0, 3, 1, 2]) => this with { Layout = Layout.Image },
        (Layout.ChannelRows, [0, 2, 1]) => this with { Layout = Layout.Cells },
        (Layout.Cells, [0, 2, 1]) => this with { Layout = Layout.ChannelRows },
        (_, [0, 1, .. var rest]) when rest.Length == 0 => this,
        _ => null,
    };

    /// <summary>The view after a Reshape to a shape without -1 and 0, or null if that is no known layout.</summary>
    public View? Reshaped(long[] shape)
    {
        Layout[] candidates = Layout is Layout.ChannelsLast or Layout.Cells
            ? [Layout.ChannelsLast, Layout.Cells]
            : [Layout.Image, Layout.ChannelRows, Layout.Flat];
        foreach (var layout in candidates)
        {
            if ((this with { Layout = layout }) is var view && view.Shape.SequenceEqual(shape))
                return view;
        }

        return null;
    }
}
