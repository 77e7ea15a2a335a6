using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using static Sscma.Diagnostics.Codes;

namespace Sscma.Training.Configuration;

/// <summary>One value of a YAML document that remembers where it was written: a scalar, a sequence or a mapping.</summary>
internal sealed class ConfigNode(ConfigOrigin origin)
{
    /// <summary>Where it was written; of a value in a mapping, where its key stands.</summary>
    public ConfigOrigin Origin { get; } = origin;

    /// <summary>Text of a scalar.</summary>
    public string? Scalar { get; private init; }

    /// <summary>Elements of a sequence.</summary>
    public IReadOnlyList<ConfigNode>? Items { get; private init; }

    /// <summary>Values of a mapping.</summary>
    public Dictionary<string, ConfigNode>? Keys { get; private init; }

    /// <summary>What kind of value it is, for messages.</summary>
    public string Kind => (Scalar, Items) switch
    {
        ("", _) => "empty",
        ({ } text, _) => $"'{text}'",
        (_, not null) => "a sequence",
        _ => "a mapping",
    };

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">SSCMA2002.</exception>
    public static ConfigNode ParseFile(string text, string file)
    {
        var root = Parse(text, new ConfigOrigin(file, 1, 1, null));
        return root.Scalar == "" ? new ConfigNode(root.Origin) { Keys = [] } : root;
    }

    /// <summary>Makes nested mappings of an override: "optim.lr" = "0.1" → optim: {lr: 0.1}.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">SSCMA2002.</exception>
    public static ConfigNode ParseOverride(ConfigOverride setting)
    {
        var origin = new ConfigOrigin(null, 0, 0, $"{setting.Source} '{setting.Key}={setting.Value}'");
        return setting.Key.Split('.').Reverse().Aggregate(
            Parse(setting.Value, origin),
            (inner, key) => new ConfigNode(origin) { Keys = new() { [key] = inner } });
    }

    /// <summary>This value with everything that <paramref name="other"/> says put over it: mappings are merged, all else is replaced.</summary>
    public ConfigNode MergedWith(ConfigNode other)
    {
        if (Keys is null || other.Keys is null)
            return other;
        var keys = new Dictionary<string, ConfigNode>(Keys);
        foreach (var (key, value) in other.Keys)
            keys[key] = keys.TryGetValue(key, out var old) ? old.MergedWith(value) : value;
        return new ConfigNode(other.Origin) { Keys = keys };
    }

    private static ConfigNode Parse(string text, ConfigOrigin origin)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException problem)
        {
            throw At(origin, problem.Start).Error(ConfigSyntax, $"this is not YAML: {problem.Message}", problem);
        }

        return yaml.Documents.Count switch
        {
            0 => new ConfigNode(origin) { Scalar = "" },
            1 => Convert(yaml.Documents[0].RootNode, origin),
            _ => throw At(origin, yaml.Documents[1].RootNode.Start).Error(ConfigSyntax, "a configuration is one YAML document, here a second one begins"),
        };
    }

    private static ConfigNode Convert(YamlNode node, ConfigOrigin origin, ConfigOrigin? place = null)
    {
        place ??= At(origin, node.Start);
        return node switch
        {
            YamlScalarNode scalar => new ConfigNode(place) { Scalar = scalar.Value ?? "" },
            YamlSequenceNode sequence => new ConfigNode(place) { Items = [.. sequence.Children.Select(item => Convert(item, origin))] },
            YamlMappingNode mapping => new ConfigNode(place)
            {
                Keys = mapping.Children.ToDictionary(
                    child => child.Key is YamlScalarNode { Value: { } key } ? key : throw At(origin, child.Key.Start).Error(ConfigSyntax, "a key must be a word"),
                    child => Convert(child.Value, origin, At(origin, child.Key.Start))),
            },
            _ => throw place.Error(ConfigSyntax, "YAML aliases are not read here; write the value out"),
        };
    }

    // The place of an option's text is the option itself.
    private static ConfigOrigin At(ConfigOrigin origin, Mark mark) =>
        origin.Option is null ? origin with { Line = (int)mark.Line, Column = (int)mark.Column } : origin;
}
