using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sscma.Tflite.Interpretation;

/// <summary>
/// Scratch memory that the kernels of one interpreter share, because they run one after the other, and the threads that they run on.
/// Kernels reserve while they are built.
/// </summary>
internal sealed unsafe class Workspace(Crew crew)
{
    private const int Alignment = 64;

    private readonly byte[][] _scratch = new byte[crew.Size][];
    private long _size;

    /// <summary>The threads.</summary>
    public Crew Crew => crew;

    /// <summary>What all threads together will get.</summary>
    public long Bytes => _size * crew.Size;

    /// <summary>Makes room for at least this many bytes for each thread.</summary>
    public void Reserve(long bytes) => _size = Math.Max(_size, bytes);

    /// <summary>Allocates what was reserved, after the last kernel was built.</summary>
    public void Allocate()
    {
        for (var worker = 0; worker < _scratch.Length; worker++)
            _scratch[worker] = GC.AllocateUninitializedArray<byte>(checked((int)_size + Alignment), pinned: true);
    }

    /// <summary>A thread's memory; its content is whatever the last kernel left.</summary>
    public byte* Of(int worker)
    {
        var start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_scratch[worker]));
        return (byte*)((start + Alignment - 1) / Alignment * Alignment);
    }
}
