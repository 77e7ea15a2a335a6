using System.IO;
using Sscma.Build.Tasks.Files;
using Sscma.Build.Tasks.Models;

namespace Sscma.Build.Tasks.Gate;

/// <summary>
/// The gate's verdict on disk: the digest of the last .tflite that passed. Only a file with this digest may be embedded.
/// </summary>
internal static class Proof
{
    private const string FileName = "gate.passed";

    /// <summary>The digest of the file that passed last, or null.</summary>
    public static string? Read(ResolvedModel model) => TextFile.Read(model.PathOf(FileName))?.Trim();

    /// <summary>Writes the verdict; an equal one is left alone.</summary>
    public static void Write(ResolvedModel model, string digest)
    {
        if (Read(model) != digest)
            TextFile.Write(model.PathOf(FileName), digest + "\n");
    }

    /// <summary>
    /// Takes the verdict back from the file that fails now. An older file that passed its own gate keeps it:
    /// with SscmaEnabled=false it is still what the user had accepted.
    /// </summary>
    public static void Revoke(ResolvedModel model, string? digest)
    {
        if (digest is not null && Read(model) == digest)
            File.Delete(model.PathOf(FileName));
    }
}
