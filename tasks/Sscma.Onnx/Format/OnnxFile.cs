using Google.Protobuf;
using Sscma.Diagnostics;
using Sscma.Files;

namespace Sscma.Onnx;

/// <summary>
/// Reads and writes ONNX files. Both walk the protobuf encoding directly by the field numbers of onnx.proto
/// (github.com/onnx/onnx, IR version 8). The same model always gives the same bytes.
/// </summary>
public static class OnnxFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="DiagnosticException">SSCMA3001: the file is no sound ONNX file. SSCMA9002: it cannot be read.</exception>
    public static OnnxModel Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.FileAccess, $"the ONNX file cannot be read: {problem.Message}", path), problem);
        }

        return Parse(bytes, path);
    }

    /// <summary>Reads a file in memory; <paramref name="path"/> is only named in messages.</summary>
    /// <exception cref="DiagnosticException">SSCMA3001: the bytes are no sound ONNX file.</exception>
    public static OnnxModel Parse(byte[] bytes, string? path = null)
    {
        try
        {
            return OnnxReader.Model(bytes);
        }
        catch (Exception problem) when (problem is InvalidProtocolBufferException or InvalidDataException or EndOfStreamException)
        {
            throw new DiagnosticException(
                Diagnostic.Error(Codes.OnnxUnreadable, $"not a sound ONNX file: {problem.Message}. Export it again, or check that the copy is complete.", path), problem);
        }
    }

    /// <summary>The bytes of a model.</summary>
    public static byte[] Serialize(OnnxModel model) => OnnxWriter.Model(model);

    /// <summary>Writes a file, atomically.</summary>
    public static void Write(OnnxModel model, string path) => AtomicFile.WriteAllBytes(path, Serialize(model));
}
