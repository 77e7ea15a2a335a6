using System;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Sscma.Build.Tasks.Keys;
using Sscma.Build.Tasks.Models;
using Sscma.Build.Tasks.Reporting;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks;

/// <summary>
/// Compares files with what the provenance of the models says of them; nothing is built. Without <see cref="Artifact"/> every file that a
/// provenance names must be there with its digest; with it, this one file must be among them.
/// </summary>
public sealed class VerifyModel : FileTask
{
    /// <summary>The models of <see cref="ResolveModels"/>, names are enough.</summary>
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>A file to check, wherever it lies; relative to the project.</summary>
    public string Artifact { get; set; } = "";

    /// <summary>The project file.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <inheritdoc/>
    private protected override bool Run()
    {
        var models = Models.Select(item => new ResolvedModel(item)).ToList();
        var statements = models.Select(model => (Model: model, Statement: Read(model))).Where(pair => pair.Statement is not null).ToList();
        if (Artifact.Length > 0 && !Log.HasLoggedErrors)
            CheckArtifact(statements.Select(pair => (pair.Model, pair.Statement!)).ToList());
        else if (Artifact.Length == 0)
            statements.ForEach(pair => CheckAll(pair.Model, pair.Statement!));
        return !Log.HasLoggedErrors;
    }

    private ProvenanceFile? Read(ResolvedModel model)
    {
        var path = model.PathOf(ProvenanceFile.Name);
        if (!File.Exists(path))
        {
            Fail(Codes.ProvenanceMissing, path, $"the model '{model.Name}' has no provenance here. Build it first, or copy '{ProvenanceFile.Name}' of the build that made it to this place.");
            return null;
        }

        try
        {
            return ProvenanceFile.Read(path);
        }
        catch (FormatException broken)
        {
            Fail(Codes.ProvenanceUnreadable, path, $"the provenance of the model '{model.Name}' cannot be read: {broken.Message} Restore it, or build again with the target SscmaEmbed.");
            return null;
        }
    }

    private void CheckAll(ResolvedModel model, ProvenanceFile statement)
    {
        var right = true;
        foreach (var subject in statement.Subjects)
        {
            var path = model.PathOf(subject.Key);
            var found = File.Exists(path) ? Sha256.OfFile(path) : "absent";
            right &= found == subject.Value || Fail(Codes.ArtifactDiffers, path, $"this file of the model '{model.Name}' is not the one that its provenance describes: SHA-256 is {found}, expected {subject.Value}. Build again to make it anew.");
        }

        if (right)
            Log.LogMessage(MessageImportance.High, "{0}", $"{model.Name}: {statement.Subjects.Count} files are those that the provenance describes{At(statement)}");
    }

    private void CheckArtifact(System.Collections.Generic.IReadOnlyList<(ResolvedModel Model, ProvenanceFile Statement)> statements)
    {
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Project))!, Artifact));
        if (!File.Exists(path))
        {
            Fail(Codes.ArtifactDiffers, path, "the file that SscmaArtifact names does not exist; the name is relative to the project.");
            return;
        }

        var digest = Sha256.OfFile(path);
        foreach (var (model, statement) in statements)
        {
            if (statement.Subjects.Where(subject => subject.Value == digest).Select(subject => subject.Key).FirstOrDefault() is not { } name)
                continue;
            Log.LogMessage(MessageImportance.High, "{0}", $"{path} is '{name}' of the model '{model.Name}'{At(statement)}");
            return;
        }

        Fail(Codes.ArtifactDiffers, path, $"this file (SHA-256 {digest}) is none that the provenance of {string.Join(", ", statements.Select(pair => $"'{pair.Model.Name}'"))} describes. It was made by another build, or changed since.");
    }

    private static string At(ProvenanceFile statement) => statement.Commit is { } commit ? $", made at commit {commit}" : "";

    private bool Fail(string code, string file, string message)
    {
        Log.Error(code, message, file);
        return false;
    }
}
