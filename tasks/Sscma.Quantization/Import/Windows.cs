using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Import;

/// <summary>
/// How an ONNX window (convolution, pooling) meets the border, and how TFLite says the same. ONNX gives rows and columns
/// of padding; TFLite knows only SAME, which puts the odd row at the end, and VALID. A 3x3 window with stride 2
/// and ONNX padding 1 begins at row -1; SAME on an even height begins at row 0. So SAME is used only where it places every window alike.
/// </summary>
internal readonly record struct Windows(int Kernel, int Stride, int Dilation, int Input, int Before, int After)
{
    private int Extent => ((Kernel - 1) * Dilation) + 1;

    /// <summary>Number of windows; below 1 if none fits.</summary>
    public int Count => Input + Before + After < Extent ? 0 : ((Input + Before + After - Extent) / Stride) + 1;

    /// <summary>Rows of padding after the image that some window reaches; the rest may be left out.</summary>
    public int Reached => Math.Max(0, ((Count - 1) * Stride) + Extent - Input - Before);

    public bool IsValid => Before == 0 && Reached == 0;

    public bool IsSame
    {
        get
        {
            var count = (Input + Stride - 1) / Stride;
            var total = Math.Max(0, ((count - 1) * Stride) + Extent - Input);
            return Count == count && Before == total / 2 && Reached == total - (total / 2);
        }
    }

    /// <summary>Rows of the image that a window covers.</summary>
    public int Inside(int window) => Math.Min(Input, (window * Stride) - Before + Extent) - Math.Max(0, (window * Stride) - Before);

    /// <summary>With the last window that begins on the image or before it, even if it reaches beyond the padding.</summary>
    public Windows Ceiling()
    {
        var count = ((Math.Max(0, Input + Before + After - Extent) + Stride - 1) / Stride) + 1;
        if ((count - 1) * Stride >= Input + Before)
            count--;
        return this with { After = Math.Max(After, ((count - 1) * Stride) + Extent - Input - Before) };
    }

    /// <summary>Rows and columns of a node's windows, or why they cannot be told.</summary>
    public static string? Of(OnnxNode node, int kernelHeight, int kernelWidth, Value input, out Windows rows, out Windows columns)
    {
        var strides = node.Ints("strides", 1, 1);
        var dilations = node.Ints("dilations", 1, 1);
        var pads = node.Ints("pads", 0, 0, 0, 0);
        rows = columns = default;
        if (strides.Length != 2 || dilations.Length != 2 || pads.Length != 4)
            return "only two-dimensional windows are known";
        if (strides.Concat(dilations).Any(step => step is < 1 or > 4096))
            return "its strides or dilations are not between 1 and 4096";
        if (kernelHeight > 32768 || kernelWidth > 32768 || pads.Any(pad => pad > 32768))
            return "its window or padding is too large";
        if (pads.Any(pad => pad < 0))
            return "negative padding is not known";
        rows = new Windows(kernelHeight, (int)strides[0], (int)dilations[0], input.Height, (int)pads[0], (int)pads[2]);
        columns = new Windows(kernelWidth, (int)strides[1], (int)dilations[1], input.Width, (int)pads[1], (int)pads[3]);
        switch (node.Text("auto_pad", "NOTSET"))
        {
            case "NOTSET" or "VALID":
                break;
            case "SAME_UPPER":
                (rows, columns) = (rows.Same(upper: true), columns.Same(upper: true));
                break;
            case "SAME_LOWER":
                (rows, columns) = (rows.Same(upper: false), columns.Same(upper: false));
                break;
            case var other:
                return $"auto_pad '{other}' is not known";
        }

        return rows.Count < 1 || columns.Count < 1 ? "its window is greater than its input" : null;
    }

    /// <summary>TFLite's padding for both axes; null where the rows and columns must be added by an operator of their own.</summary>
    public static Padding? PaddingOf(Windows rows, Windows columns) =>
        rows.IsValid && columns.IsValid ? Padding.Valid
        : rows.IsSame && columns.IsSame ? Padding.Same
        : null;

    private Windows Same(bool upper)
    {
        var count = (Input + Stride - 1) / Stride;
        var total = Math.Max(0, ((count - 1) * Stride) + Extent - Input);
        var before = upper ? total / 2 : total - (total / 2);
        return this with { Before = before, After = total - before };
    }
}
