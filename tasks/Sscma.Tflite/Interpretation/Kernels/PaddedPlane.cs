using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>
/// A copy of one image (H, W, C) with its border, just as large as the windows reach, so that the loops of a fast convolution need
/// no case for the border.
/// </summary>
internal sealed unsafe class PaddedPlane
{
    /// <summary>Elements after the last one that vector loads may touch.</summary>
    public const int Slack = 32;

    private const int MaxElements = 1 << 27;

    private readonly Window _rows;
    private readonly Window _columns;
    private readonly int _channels;
    private readonly int _rowsInside;
    private readonly int _columnsInside;

    public PaddedPlane(Window rows, Window columns, int channels)
    {
        (_rows, _columns, _channels) = (rows, columns, channels);
        Height = ((rows.Output - 1) * rows.Stride) + rows.Span;
        Width = ((columns.Output - 1) * columns.Stride) + columns.Span;
        _rowsInside = Math.Min(rows.Input, Height - rows.Before);
        _columnsInside = Math.Min(columns.Input, Width - columns.Before);
    }

    /// <summary>Rows, border included.</summary>
    public int Height { get; }

    /// <summary>Columns, border included.</summary>
    public int Width { get; }

    /// <summary>Elements, with the slack.</summary>
    public int Elements => (Height * Width * _channels) + Slack;

    /// <summary>Whether the plane is small enough to be made. Hostile windows reach so far that 64 bits do not hold the product.</summary>
    public bool IsReasonable => (Int128)Height * Width * _channels <= MaxElements;

    /// <summary>Element of the first tap of an output position's window.</summary>
    public int OffsetOf(int y, int x) => ((y * _rows.Stride * Width) + (x * _columns.Stride)) * _channels;

    /// <summary>Elements from a window's first tap to another.</summary>
    public int TapOffset(int row, int column) => ((row * _rows.Dilation * Width) + (column * _columns.Dilation)) * _channels;

    /// <summary>Copies codes; the border gets the zero point.</summary>
    public void Fill(sbyte* plane, ReadOnlySpan<sbyte> image, int zeroPoint)
    {
        var target = new Span<sbyte>(plane, Elements);
        target.Fill((sbyte)zeroPoint);
        for (var y = 0; y < _rowsInside; y++)
            Row(image, y).CopyTo(target[InsideOffset(y)..]);
    }

    /// <summary>Copies code - zero point in 16 bits; the border gets 0.</summary>
    public void FillCentered(short* plane, ReadOnlySpan<sbyte> image, int zeroPoint)
    {
        new Span<short>(plane, Elements).Clear();
        for (var y = 0; y < _rowsInside; y++)
            Center(Row(image, y), plane + InsideOffset(y), zeroPoint);
    }

    private static void Center(ReadOnlySpan<sbyte> codes, short* target, int zeroPoint)
    {
        var i = 0;
        fixed (sbyte* source = codes)
        {
            var zero = Vector256.Create((short)zeroPoint);
            for (; i <= codes.Length - Vector256<short>.Count; i += Vector256<short>.Count)
                (Avx2.ConvertToVector256Int16(source + i) - zero).Store(target + i);
        }

        for (; i < codes.Length; i++)
            target[i] = (short)(codes[i] - zeroPoint);
    }

    private int InsideOffset(int y) => (((y + _rows.Before) * Width) + _columns.Before) * _channels;

    private ReadOnlySpan<sbyte> Row(ReadOnlySpan<sbyte> image, int y) => image.Slice(y * _columns.Input * _channels, _columnsInside * _channels);
}
