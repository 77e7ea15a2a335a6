using System.Text;
using Sscma.Diagnostics;

namespace Sscma.Training.Configuration;

/// <summary>
/// Reads a configuration. One order of precedence: what <c>_base_</c> names (a file beside this one, or one that ships), then the YAML file, then the overrides in their order
/// (item metadata before CfgOptions).
/// </summary>
public static class ConfigLoader
{
    private const string BaseKey = "_base_";

    /// <summary>Reads a configuration and puts overrides over it.</summary>
    /// <param name="config">The name of a shipped configuration, or the path of a YAML file.</param>
    /// <param name="configFolder">The folder of the shipped configurations.</param>
    /// <param name="overrides">Later ones win.</param>
    /// <exception cref="DiagnosticException">SSCMA2001 to SSCMA2004: the first mistake.</exception>
    public static DetectorConfig Load(string config, string configFolder, IEnumerable<ConfigOverride> overrides) => Open(config, configFolder, overrides).Config;

    /// <summary>The same, for whoever fits the configuration to a dataset and a target.</summary>
    /// <param name="config">The name of a shipped configuration, or the path of a YAML file.</param>
    /// <param name="configFolder">The folder of the shipped configurations.</param>
    /// <param name="overrides">Later ones win.</param>
    /// <param name="usual">What holds instead of a shipped file's word, where nobody else says anything.</param>
    /// <exception cref="DiagnosticException">SSCMA2001 to SSCMA2004: the first mistake.</exception>
    public static ConfigSource Open(string config, string configFolder, IEnumerable<ConfigOverride> overrides, params IEnumerable<ConfigOverride> usual)
    {
        var root = Read(Find(config, configFolder), configFolder, []);
        return new ConfigSource(overrides.Select(ConfigNode.ParseOverride).Aggregate(root, (below, above) => below.MergedWith(above)), configFolder, usual);
    }

    /// <summary>The path of a configuration.</summary>
    /// <exception cref="DiagnosticException">SSCMA2001.</exception>
    public static string Find(string config, string configFolder)
    {
        if (File.Exists(config))
            return Path.GetFullPath(config);
        var shipped = Path.Combine(configFolder, $"{config}.yaml");
        if (Path.GetFileName(config) == config && File.Exists(shipped))
            return Path.GetFullPath(shipped);
        var names = ShippedNames(configFolder);
        throw new DiagnosticException(
            Codes.ConfigNotFound,
            $"the configuration '{config}' is neither a file nor shipped. Shipped: {(names.Count > 0 ? string.Join(", ", names) : $"none in '{configFolder}'")}");
    }

    /// <summary>Splits CfgOptions: <c>optim.lr=0.001;train.max_epochs=20</c>. Blanks around an option do not count.</summary>
    /// <exception cref="DiagnosticException">SSCMA2002: an option without an equals sign or without a key.</exception>
    public static IReadOnlyList<ConfigOverride> ParseOptions(string options) =>
        [.. options.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(option =>
        {
            var at = option.IndexOf('=');
            if (at < 1)
                throw new DiagnosticException(Codes.ConfigSyntax, $"CfgOptions '{option}': expected key=value, such as optim.lr=0.001; options are separated by ';'");
            return new ConfigOverride(option[..at].TrimEnd(), option[(at + 1)..].TrimStart(), "CfgOptions");
        })];

    private static List<string> ShippedNames(string configFolder) => Directory.Exists(configFolder)
        ? [.. Directory.EnumerateFiles(configFolder, "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)]
        : [];

    private static ConfigNode Read(string file, string configFolder, List<string> above)
    {
        string text;
        try
        {
            text = File.ReadAllText(file, Encoding.UTF8);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.FileAccess, $"the configuration cannot be read: {problem.Message}", file), problem);
        }

        var node = ConfigNode.ParseFile(text, file);
        if (node.Keys is null || !node.Keys.Remove(BaseKey, out var reference))
            return node;
        if (string.IsNullOrEmpty(reference.Scalar) || FindBase(reference.Scalar, file, configFolder) is not { } path)
            throw reference.Origin.Error(Codes.ConfigNotFound, $"{BaseKey} is {reference.Kind}; expected: the path of a YAML file, relative to this one, or one that ships: {string.Join(", ", ShippedNames(configFolder).Select(name => $"{name}.yaml"))}");
        if (path == file || above.Contains(path))
            throw reference.Origin.Error(Codes.ConfigSyntax, $"{BaseKey} leads back to '{reference.Scalar}'; a configuration cannot build on itself");
        return Read(path, configFolder, [.. above, file]).MergedWith(node);
    }

    private static string? FindBase(string reference, string file, string configFolder) =>
        new[] { Path.GetDirectoryName(file)!, configFolder }.Select(folder => Path.GetFullPath(Path.Combine(folder, reference))).FirstOrDefault(File.Exists);
}
