using System.Collections.Generic;
using System.Globalization;
using Sscma.Build.Cache;
using Sscma.Build.Tasks.Keys;
using Sscma.Build.Tasks.Models;

namespace Sscma.Build.Tasks.Cache;

/// <summary>The artifact cache as a model may use it.</summary>
internal sealed class ModelCache
{
    private const string Lineage = "lineage";

    private readonly ArtifactCache? _cache;

    private ModelCache(ArtifactCache? cache) => _cache = cache;

    /// <summary>The cache of a model; one that holds nothing when the project has switched it off.</summary>
    public static ModelCache Of(ResolvedModel model) => new(
        model["CacheFolder"].Length == 0 ? null : new ArtifactCache(model["CacheFolder"], long.Parse(model["CacheBytes"], CultureInfo.InvariantCulture)));

    /// <summary>Copies a stage's result into the work folder; see <see cref="ArtifactCache.Restore"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Restore(Stage stage, string keyDigest, out string? remark)
    {
        remark = null;
        return _cache?.Restore(stage.Name, keyDigest, stage.Model.WorkFolder, stage.Outputs, stage.Records, out remark);
    }

    /// <summary>Looks for the key of a warm start that another build made from the same inputs; it becomes this stage's key file.</summary>
    public bool RestoreLineage(Stage stage, string plainDigest) =>
        _cache?.Restore(Lineage, plainDigest, stage.Model.WorkFolder, new[] { $"{stage.Name}.key" }, [], out _) is not null;
}
