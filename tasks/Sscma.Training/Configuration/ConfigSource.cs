namespace Sscma.Training.Configuration;

/// <summary>
/// A configuration that remembers who said what, so that a target and <c>train.schedule: auto</c> can speak where only the shipped files did: shipped files, then what is
/// usual for the target and the automatic schedule, then the user's own file, metadata and CfgOptions.
/// </summary>
public sealed class ConfigSource
{
    private readonly ConfigNode _root;
    private readonly string? _shippedFolder;

    internal ConfigSource(ConfigNode root, string shippedFolder, IEnumerable<ConfigOverride> usual)
    {
        (_root, _shippedFolder) = (root, shippedFolder.Length > 0 ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(shippedFolder)) : null);
        _root = WithUnsaid(usual);
        Config = ConfigBinder.Bind(_root);
    }

    /// <summary>The configuration as it was written, before anything is known of the dataset.</summary>
    public DetectorConfig Config { get; }

    /// <summary>The configuration for a dataset.</summary>
    /// <param name="images">Training images, at least one.</param>
    public DetectorConfig For(int images)
    {
        if (Config.Train.Schedule != "auto")
            return Config;
        var said = AutoSchedule.Of(
            images,
            IsChosen("train.max_epochs") ? Config.Train.MaxEpochs : null,
            IsChosen("train.batch_size") ? Config.Train.BatchSize : null);
        return ConfigBinder.Bind(WithUnsaid(said));
    }

    private ConfigNode WithUnsaid(IEnumerable<ConfigOverride> items) =>
        items.Where(item => !IsChosen(item.Key)).Select(ConfigNode.ParseOverride).Aggregate(_root, (below, above) => below.MergedWith(above));

    /// <summary>Whether the user has said it, in a file of their own or by an option.</summary>
    private bool IsChosen(string key)
    {
        var at = _root;
        foreach (var word in key.Split('.'))
        {
            if (at.Keys?.GetValueOrDefault(word) is not { } below)
                return false;
            at = below;
        }

        return at.Origin.File is not { } file || !string.Equals(Path.GetDirectoryName(Path.GetFullPath(file)), _shippedFolder, StringComparison.Ordinal);
    }
}
