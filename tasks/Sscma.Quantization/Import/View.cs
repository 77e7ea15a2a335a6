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
}

/// <summary>
/// What an ONNX name stands for. Transpose and Reshape behind the last convolutions only change the layout;
/// they vanish, since the network is channels-last already.
/// </summary>
internal sealed record View(Value Value, Layout Layout = Layout.Image)
{
    /// <summary>The view after a Transpose, or null if that is no known layout.</summary>
    public View? Transposed(long[] axes) => (Layout, axes) switch
    {
        (Layout.Image, [0, 2, 3, 1]) => this with { Layout = Layout.ChannelsLast },
        (Layout.ChannelsLast, [0, 3, 1, 2]) => this with { Layout = Layout.Image },
        (Layout.ChannelRows, [0, 2, 1]) => this with { Layout = Layout.Cells },
        (Layout.Cells, [0, 2, 1]) => this with { Layout = Layout.ChannelRows },
        _ => null,
    };

    /// <summary>The view after a Reshape, or null if that is no known layout.</summary>
    public View? Reshaped(long[] shape)
    {
        long cells = (long)Value.Height * Value.Width, channels = Value.Channels;
        return Layout switch
        {
            Layout.Image when Is(shape, channels, cells) => this with { Layout = Layout.ChannelRows },
            Layout.ChannelsLast when Is(shape, cells, channels) => this with { Layout = Layout.Cells },
            _ => null,
        };
    }

    /// <summary>Whether a Reshape operand means (1, rows, columns); 0 keeps an extent, which only the batch does here; -1 is what is left.</summary>
    private static bool Is(long[] shape, long rows, long columns) =>
        shape is [var batch, var first, var second]
        && batch is 0 or 1 or -1
        && (first == rows || first == -1)
        && (second == columns || second == -1)
        && shape.Count(extent => extent == -1) <= 1;
}
