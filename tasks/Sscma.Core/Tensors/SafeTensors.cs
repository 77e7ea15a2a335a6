using System.Buffers.Binary;
using System.Text.Json;
using Sscma.Files;

namespace Sscma.Tensors;

/// <summary>
/// The safetensors file: an 8-byte little-endian header length, a JSON header (name → dtype, shape, data_offsets)
/// and the raw data. It holds numbers only, so reading one can run no code.
/// </summary>
public static class SafeTensors
{
    private const int MaxHeaderBytes = 100 << 20;

    /// <summary>Reads every tensor of a file.</summary>
    /// <exception cref="InvalidDataException">The file is not a sound safetensors file.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (InvalidDataException problem)
        {
            throw new InvalidDataException($"{path}: {problem.Message}", problem);
        }
    }

    /// <summary>Reads every tensor of a file in memory.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a sound safetensors file.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < 8)
            throw new InvalidDataException("not a safetensors file: shorter than its 8-byte header length");
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (headerLength > MaxHeaderBytes || headerLength > (ulong)(file.Length - 8))
            throw new InvalidDataException($"not a safetensors file: header of {headerLength} bytes in a file of {file.Length}");
        var data = file[(8 + (int)headerLength)..];

        var tensors = new Dictionary<string, StoredTensor>();
        try
        {
            using var header = JsonDocument.Parse(file.Slice(8, (int)headerLength).ToArray());
            foreach (var entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name != "__metadata__")
                    tensors.Add(entry.Name, ReadEntry(entry, data));
            }
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"not a safetensors file: {problem.Message}", problem);
        }

        return tensors;
    }

    /// <summary>Writes tensors in the given order, atomically. The same tensors give the same bytes.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, StoredTensor>> tensors) =>
        AtomicFile.Write(path, stream => Write(stream, [.. tensors]));

    private static void Write(Stream stream, KeyValuePair<string, StoredTensor>[] tensors)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            long offset = 0;
            foreach (var (name, tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.Type);
                json.WriteStartArray("shape");
                foreach (var extent in tensor.Shape)
                    json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Padding the header with blanks keeps the data 8-byte aligned for readers that map the file.
        while (header.Length % 8 != 0)
            header.WriteByte((byte)' ');
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        header.WriteTo(stream);
        foreach (var (_, tensor) in tensors)
            stream.Write(tensor.Bytes);
    }

    private static StoredTensor ReadEntry(JsonProperty entry, ReadOnlySpan<byte> data)
    {
        var type = entry.Value.GetProperty("dtype").GetString()!;
        var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64()).ToArray();
        var offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > data.Length)
            throw new InvalidDataException($"tensor '{entry.Name}' lies outside the file");

        var expected = shape.Aggregate((Int128)SizeOf(type, entry.Name), (product, extent) => extent < 0 ? -1 : product * extent);
        if (expected != offsets[1] - offsets[0])
            throw new InvalidDataException($"tensor '{entry.Name}' has {offsets[1] - offsets[0]} bytes, its shape [{string.Join(",", shape)}] of {type} needs {expected}");
        return new StoredTensor(type, shape, data[(int)offsets[0]..(int)offsets[1]].ToArray());
    }

    private static int SizeOf(string type, string name) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" => 1,
        _ => throw new InvalidDataException($"tensor '{name}' has the unknown type {type}"),
    };
}
