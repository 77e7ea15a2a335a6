using Sscma.Tensors;

namespace Sscma.Training.Weights.PyTorch;

/// <summary>
/// Reads the tensors of a file that <c>torch.save</c> wrote: a zip archive of a pickle and the numbers. Nothing in it is executed.
/// Source: torch/serialization.py, format of PyTorch 1.6 and later.
/// </summary>
internal static class TorchFile
{
    // Tensors may share a storage, a head's convolutions three times; without a limit a small file could ask for any amount of memory.
    private const long MostCopies = 8;

    // Of several state dicts the first of these is taken. Where a checkpoint has an average, mmengine has put it into state_dict.
    private static readonly string[] Nested = ["state_dict", "ema_state_dict", "model"];

    /// <summary>Whether a file begins as a zip archive does.</summary>
    public static bool IsZip(ReadOnlySpan<byte> file) => file.StartsWith("PK\x3\x4"u8);

    /// <summary>The tensors of the state dict, in the order of the file.</summary>
    /// <exception cref="ForbiddenNameException">Its pickle refers to a name that no state dict needs.</exception>
    /// <exception cref="InvalidDataException">It is not sound, or holds no state dict.</exception>
    public static IReadOnlyList<KeyValuePair<string, StoredTensor>> Read(ReadOnlyMemory<byte> file)
    {
        const string pickle = "data.pkl";
        var zip = new StoredZip(file);
        var name = zip.Names.FirstOrDefault(name => name.EndsWith("/" + pickle, StringComparison.Ordinal) && name.Count(letter => letter == '/') == 1)
            ?? throw new InvalidDataException("the archive holds no data.pkl: torch.save did not write it");
        var folder = name[..^pickle.Length];
        if (zip.Names.Contains($"{folder}byteorder") && !zip.Read($"{folder}byteorder").Span.SequenceEqual("little"u8))
            throw new InvalidDataException("its numbers are not little-endian");

        var storages = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var left = file.Length * MostCopies;
        var tensors = new List<KeyValuePair<string, StoredTensor>>();
        foreach (var (key, tensor) in StateOf(PickleReader.Read(zip.Read(name))))
        {
            var storage = tensor.Storage;
            if (!storages.TryGetValue(storage.Key, out var bytes))
                storages.Add(storage.Key, bytes = zip.Read($"{folder}data/{storage.Key}"));
            if ((Int128)storage.Count * SizeOf(storage.Type) > bytes.Length)
                throw new InvalidDataException($"its tensor '{key}' is larger than what the file holds");
            left -= tensor.Shape.Aggregate((long)SizeOf(storage.Type), (product, extent) => product * extent);
            if (left < 0)
                throw new InvalidDataException($"its tensors are {MostCopies} times larger than the file");
            tensors.Add(new(key, new StoredTensor(storage.Type, tensor.Shape, Gather(tensor, bytes.Span))));
        }

        return tensors.Count > 0 ? tensors : throw new InvalidDataException("it holds no tensors, neither at its top nor under 'state_dict', 'ema_state_dict' or 'model'");
    }

    /// <summary>The named tensors of the state dict that a file holds; of equal names the last.</summary>
    private static Dictionary<string, PickledTensor> StateOf(object? root)
    {
        if (root is not PickledDictionary all)
            throw new InvalidDataException("it holds no dictionary: save the state dict (torch.save(model.state_dict(), …)), not the model");
        var within = Nested.Select(name => all.Items.LastOrDefault(item => item.Key is string key && key == name).Value).OfType<PickledDictionary>().FirstOrDefault();
        var state = new Dictionary<string, PickledTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in (within ?? all).Items)
        {
            if (key is string name && value is PickledTensor tensor)
                state[name] = tensor;
        }

        return state;
    }

    private static int SizeOf(string type) => type switch { "F64" or "I64" => 8, "F32" or "I32" => 4, "F16" or "BF16" or "I16" => 2, _ => 1 };

    /// <summary>The elements in the order of the shape.</summary>
    private static byte[] Gather(PickledTensor tensor, ReadOnlySpan<byte> storage)
    {
        var size = SizeOf(tensor.Storage.Type);
        var count = tensor.Shape.Aggregate(1L, (product, extent) => product * extent);
        var bytes = new byte[count * size];
        if (count == 0)
            return bytes;

        // The longest run of axes at the end that lies in one piece.
        var (run, axis) = (1L, tensor.Shape.Length);
        while (axis > 0 && (tensor.Shape[axis - 1] == 1 || tensor.Strides[axis - 1] == run))
            run *= tensor.Shape[--axis];
        var place = new long[axis];
        var from = tensor.Offset;
        for (long to = 0; to < count; to += run)
        {
            storage.Slice((int)(from * size), (int)(run * size)).CopyTo(bytes.AsSpan((int)(to * size)));
            for (var at = axis - 1; at >= 0; at--)
            {
                from += tensor.Strides[at];
                if (++place[at] < tensor.Shape[at])
                    break;
                from -= tensor.Strides[at] * tensor.Shape[at];
                place[at] = 0;
            }
        }

        return bytes;
    }
}
