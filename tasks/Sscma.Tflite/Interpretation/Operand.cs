using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sscma.Diagnostics;

namespace Sscma.Tflite.Interpretation;

/// <summary>A tensor while a model runs: its description and its elements.</summary>
internal sealed class Operand
{
    /// <summary>Bytes beyond the arena's last tensor that vectors may read.</summary>
    public const int Slack = 64;

    private readonly TfliteTensor _tensor;

    // Constants in their own arrays; all else in the arena, which does not move.
    private readonly byte[] _store;
    private readonly int _offset;
    private readonly int _length;

    /// <summary>A tensor at its place in the arena; a constant stays where it is.</summary>
    public Operand(TfliteTensor tensor, byte[] arena, int offset)
    {
        _tensor = tensor;
        (_store, _offset) = tensor.Data is null ? (arena, offset) : (tensor.Data, 0);
        _length = tensor.Data?.Length ?? (int)tensor.Count * tensor.Type.Size();
    }

    private Operand(Operand other, int count)
    {
        (_tensor, _length) = (other._tensor, count * other.Type.Size());
        _store = GC.AllocateArray<byte>(_length + Slack, pinned: true);
    }

    public string Name => _tensor.Name;

    public int[] Shape => _tensor.Shape;

    public int Rank => _tensor.Shape.Length;

    public TensorType Type => _tensor.Type;

    public int Count => (int)_tensor.Count;

    public bool IsConstant => _tensor.Data is not null;

    /// <summary>Whether the elements are there before the first run and stay: a constant, or what was made of one when the model was prepared.</summary>
    public bool IsKnown => IsConstant || IsPrepared;

    /// <summary>Set where the elements were made of a constant when the model was prepared.</summary>
    public bool IsPrepared { get; set; }

    public Span<byte> Bytes => _store.AsSpan(_offset, _length);

    /// <summary>The codes of what is no constant.</summary>
    public unsafe sbyte* Pointer => (sbyte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_store)) + _offset;

    public Span<sbyte> Int8 => MemoryMarshal.Cast<byte, sbyte>(Bytes);

    public Span<short> Int16 => MemoryMarshal.Cast<byte, short>(Bytes);

    public Span<int> Int32 => MemoryMarshal.Cast<byte, int>(Bytes);

    public Span<float> Floats => MemoryMarshal.Cast<byte, float>(Bytes);

    /// <summary>The elements as what their type says that they are.</summary>
    public Span<T> Elements<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);

    /// <summary>Scale of a tensor that has one.</summary>
    public float Scale => Scales is [var scale] ? scale : throw Wrong("needs one scale for the whole tensor");

    /// <summary>Zero point of a tensor that has one scale, checked to lie in the type's range. Codes of 16 bits are symmetric: theirs is 0.</summary>
    public int ZeroPoint
    {
        get
        {
            var zeroPoint = _tensor.Quantization?.ZeroPoints is [var only] ? only : throw Wrong("needs one zero point");
            var (lowest, highest) = Type switch
            {
                TensorType.UInt8 => (0, 255),
                TensorType.Int16 => (0, 0),
                _ => (-128, 127),
            };
            return zeroPoint >= lowest && zeroPoint <= highest ? (int)zeroPoint : throw Wrong($"has the zero point {zeroPoint}, outside [{lowest}, {highest}]");
        }
    }

    /// <summary>All scales, each positive and finite.</summary>
    public float[] Scales
    {
        get
        {
            var scales = _tensor.Quantization?.Scales ?? throw Wrong("is not quantized");
            foreach (var scale in scales)
            {
                if (!(scale > 0) || !float.IsFinite(scale))
                    throw Wrong($"has the scale {scale}");
            }

            return scales;
        }
    }

    /// <summary>A tensor of the same description with memory of its own for so many elements.</summary>
    public Operand WithRoom(int count) => new(this, count);

    public string ShapeText => $"[{string.Join(",", Shape)}]";

    public DiagnosticException Wrong(string what) =>
        new(Codes.TfliteModelInconsistent, $"the tensor '{Name}' {ShapeText} of the .tflite file {what}. Export the model again.");
}
