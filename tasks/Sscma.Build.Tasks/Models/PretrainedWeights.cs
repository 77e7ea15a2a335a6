using System;
using System.IO;
using System.Linq;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks.Models;

/// <summary>The metadata Pretrained and PretrainedSha256 of a model: a file of the project, or a URL whose bytes a digest names.</summary>
internal static class PretrainedWeights
{
    private const int DigestLetters = 64;

    /// <summary>Whether the weights are downloaded.</summary>
    public static bool IsUrl(string value) =>
        value.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || value.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds the file.</summary>
    /// <param name="value">The metadata Pretrained.</param>
    /// <param name="digest">The metadata PretrainedSha256.</param>
    /// <param name="projectFolder">Where relative paths begin.</param>
    /// <param name="found">The URL, or the full path; empty for no pretrained weights.</param>
    /// <returns>What is wrong, with its code and the metadata that says it; null for nothing.</returns>
    public static (string Code, string Fault, string Metadata)? Find(string value, string digest, string projectFolder, out string found)
    {
        found = value;
        if (digest.Length > 0 && !(digest.Length == DigestLetters && digest.All(Uri.IsHexDigit)))
            return (Codes.PretrainedUnnamed, $"PretrainedSha256 is '{digest}', expected {DigestLetters} hexadecimal digits: the SHA-256 of the file", "PretrainedSha256");
        if (value.Length == 0)
            return digest.Length == 0 ? null : (Codes.PretrainedUnnamed, "PretrainedSha256 is set and Pretrained is not; name the file or the URL of the weights", "PretrainedSha256");
        if (IsUrl(value))
            return digest.Length > 0 ? null : (Codes.PretrainedUnnamed, $"Pretrained is the URL '{value}', whose bytes may change. Set PretrainedSha256 to the SHA-256 of the file that you mean", "Pretrained");
        found = Path.GetFullPath(Path.Combine(projectFolder, value));
        return File.Exists(found) ? null : (Codes.PretrainedMissing, $"the pretrained weights '{found}' are not there. Pretrained is a path relative to the project, or a URL that begins with https://", "Pretrained");
    }
}
