namespace Sscma.Build.Tasks.Models;

/// <summary>The values of the property SscmaTrain.</summary>
internal static class TrainWhen
{
    /// <summary>Train whenever the result is not there for these inputs; the default.</summary>
    public const string IfChanged = nameof(IfChanged);

    /// <summary>Keep a model that is there, even if its inputs have changed.</summary>
    public const string IfMissing = nameof(IfMissing);

    /// <summary>Use what is there or in the cache, or fail.</summary>
    public const string Never = nameof(Never);
}
