namespace Sscma.Tflite.Interpretation;

/// <summary>One axis of a sliding window.</summary>
/// <param name="Input">Positions of the input.</param>
/// <param name="Output">Positions of the output.</param>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">Input positions between windows.</param>
/// <param name="Dilation">Input positions between taps.</param>
/// <param name="Before">Border before the first input position.</param>
internal readonly record struct Window(int Input, int Output, int Kernel, int Stride, int Dilation, int Before)
{
    /// <summary>Input positions that one window spans.</summary>
    public int Span => ((Kernel - 1) * Dilation) + 1;

    public static Window Of(Node node, Padding padding, int input, int kernel, int stride, int dilation)
    {
        node.Require(kernel > 0 && stride > 0 && dilation > 0, $"has a window of {kernel} taps, stride {stride}, dilation {dilation}");
        node.Require(input > 0, "has an empty input");
        node.Require(padding is Padding.Same or Padding.Valid, $"has the unknown padding {(int)padding}");
        var span = ((kernel - 1L) * dilation) + 1;
        node.Require(span + stride < int.MaxValue / 2, $"has a window that spans {span} positions");
        var output = padding == Padding.Same ? ((input - 1) / stride) + 1 : ((input - span) / stride) + 1;
        node.Require(padding == Padding.Same || input >= span, $"has a window of {span} positions over an input of {input}");
        var missing = Math.Max(0, ((output - 1) * stride) + span - input);
        return new Window(input, (int)output, kernel, stride, dilation, (int)(missing / 2));
    }

    /// <summary>First input position of a window; negative in the border.</summary>
    public int Start(int output) => (output * Stride) - Before;

    /// <summary>The taps [First, End) of a window that lie inside the input.</summary>
    public (int First, int End) TapsInside(int output)
    {
        var start = Start(output);
        var first = start >= 0 ? 0 : (-start + Dilation - 1) / Dilation;
        var end = start >= Input ? 0 : Math.Min(Kernel, ((Input - 1 - start) / Dilation) + 1);
        return (first, Math.Max(first, end));
    }
}
