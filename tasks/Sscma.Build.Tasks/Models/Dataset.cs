using System.Collections.Generic;

namespace Sscma.Build.Tasks.Models;

/// <summary>A dataset whose paths are absolute and exist.</summary>
internal sealed class Dataset(string root, bool isPlain, IReadOnlyList<DatasetPart> train, IReadOnlyList<DatasetPart> val, IReadOnlyList<DatasetPart> test)
{
    /// <summary>The folder that paths are relative to.</summary>
    public string Root { get; } = root;

    /// <summary>Whether every split is one COCO file that is used as it stands.</summary>
    public bool IsPlain { get; } = isPlain;

    /// <summary>The training split.</summary>
    public IReadOnlyList<DatasetPart> Train { get; } = train;

    /// <summary>The validation split.</summary>
    public IReadOnlyList<DatasetPart> Val { get; } = val;

    /// <summary>The test split; empty when there is none.</summary>
    public IReadOnlyList<DatasetPart> Test { get; } = test;
}
