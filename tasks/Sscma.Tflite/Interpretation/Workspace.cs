namespace Sscma.Tflite.Interpretation;

/// <summary>Scratch memory that the kernels of one interpreter share, because they run one after the other. Kernels reserve while they are built.</summary>
internal sealed class Workspace
{
    private long _size;
    private byte[] _bytes = [];

    /// <summary>Makes room for at least this many bytes.</summary>
    public void Reserve(long bytes) => _size = Math.Max(_size, bytes);

    /// <summary>The memory; its content is whatever the last kernel left.</summary>
    public byte[] Bytes => _bytes.Length >= _size ? _bytes : _bytes = GC.AllocateUninitializedArray<byte>(checked((int)_size), pinned: true);
}
