using Sscma.Diagnostics;

namespace Sscma.Tflite;

/// <summary>The <c>.tflite</c> file: FlatBuffers, identifier <c>TFL3</c>, schema version 3, one subgraph.</summary>
public static class TfliteFile
{
    /// <summary>Reads a file. Every offset and count is checked before it is followed.</summary>
    /// <exception cref="DiagnosticException">The bytes are no sound TFLite file, or use what this library does not know.</exception>
    public static TfliteModel Read(ReadOnlyMemory<byte> file) => TfliteReader.Read(file);

    /// <summary>Writes a file. The same model gives the same bytes; data buffers are 16-byte aligned, as microcontrollers need them.</summary>
    public static byte[] Write(TfliteModel model) => TfliteWriter.Write(model);

    internal static DiagnosticException Damaged(string what) => new(
        Codes.TfliteFileInvalid,
        $"the .tflite file is damaged: {what}. Was it cut short or changed? Export the model again.");
}
