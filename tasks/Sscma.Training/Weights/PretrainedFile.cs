using System.Runtime.InteropServices;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Tensors;
using Sscma.Training.Weights.PyTorch;

namespace Sscma.Training.Weights;

/// <summary>A file of weights from elsewhere: safetensors, or the zip that <c>torch.save</c> writes. The content decides which, not the name.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sha256">Digest of the file.</param>
/// <param name="Tensors">Its floating-point tensors as float32, its whole numbers as they are; under its own names.</param>
public sealed record PretrainedFile(string Path, string Sha256, IReadOnlyList<KeyValuePair<string, StoredTensor>> Tensors)
{
    /// <summary>Reads a file. Nothing in it is executed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">What it has to be; null for whatever it is.</param>
    /// <exception cref="DiagnosticException">SSCMA2006: it is not sound or of another kind; SSCMA2007: it would run code in Python; SSCMA2009: its bytes are others; SSCMA9002: it cannot be read.</exception>
    public static PretrainedFile Read(string path, string? sha256 = null)
    {
        byte[] file;
        try
        {
            file = File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.FileAccess, $"the pretrained weights cannot be read: {problem.Message}", path), problem);
        }

        var digest = Digest.OfBytes(file);
        if (sha256 is not null && !digest.Equals(sha256, StringComparison.OrdinalIgnoreCase))
            throw new DiagnosticException(Codes.PretrainedDigest, $"the pretrained weights have the SHA-256 {digest}, expected {sha256.ToLowerInvariant()} (PretrainedSha256). Take the right file, or write the digest of this one if it is right.", path);
        return new PretrainedFile(path, digest, Parse(file, path));
    }

    /// <summary>Reads the tensors of a file in memory.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="path">Where they come from, for messages.</param>
    /// <exception cref="DiagnosticException">SSCMA2006, SSCMA2007.</exception>
    internal static IReadOnlyList<KeyValuePair<string, StoredTensor>> Parse(byte[] file, string path)
    {
        try
        {
            if (TorchFile.IsZip(file))
                return [.. TorchFile.Read(file).Select(entry => KeyValuePair.Create(entry.Key, Converted(entry.Value)))];
            if (file is [0x80, ..])
                throw new InvalidDataException("it is a bare pickle, as PyTorch wrote before version 1.6. Load it in Python and save its state dict again: torch.save(torch.load(file)['state_dict'], …)");
            return [.. SafeTensors.Parse(file).Select(entry => KeyValuePair.Create(entry.Key, Converted(entry.Value)))];
        }
        catch (ForbiddenNameException forbidden)
        {
            throw new DiagnosticException(
                Diagnostic.Error(
                    Codes.PretrainedForbidden,
                    $"the pretrained weights are refused: their pickle refers to '{forbidden.Name}', which no state dict needs and which Python would run. Nothing was run here. If you trust the file, save its state dict alone: torch.save(torch.load(file)['state_dict'], …)",
                    path),
                forbidden);
        }
        catch (InvalidDataException problem)
        {
            throw new DiagnosticException(
                Diagnostic.Error(Codes.PretrainedUnreadable, $"the pretrained weights cannot be used: {problem.Message}. Expected: safetensors, or a state dict that torch.save wrote (PyTorch 1.6 or later).", path), problem);
        }
    }

    private static StoredTensor Converted(StoredTensor tensor) => tensor.Type switch
    {
        "F64" => StoredTensor.From([.. MemoryMarshal.Cast<byte, double>(tensor.Bytes).ToArray().Select(value => (float)value)], tensor.Shape),
        "F16" => StoredTensor.From([.. MemoryMarshal.Cast<byte, Half>(tensor.Bytes).ToArray().Select(value => (float)value)], tensor.Shape),
        "BF16" => StoredTensor.From([.. MemoryMarshal.Cast<byte, ushort>(tensor.Bytes).ToArray().Select(bits => BitConverter.UInt32BitsToSingle((uint)bits << 16))], tensor.Shape),
        _ => tensor,
    };
}
