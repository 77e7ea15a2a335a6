using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Sscma.TestSupport;
using Sscma.Training.Configuration;

namespace Sscma.Training.Tests.Configuration;

/// <summary>
/// docs/reference/configuration.md lists every key. Ranges and defaults come from the schema, meanings from the comments of the first shipped file:
/// each is written once. With SSCMA_WRITE_DOCS=1 the test writes the page.
/// </summary>
[TestClass]
public sealed partial class ConfigurationPageTests
{
    private static readonly string Page = Path.Combine(TestPaths.Repository, "docs", "reference", "configuration.md");
    private static readonly string Shipped = Path.Combine(TestPaths.Repository, "targets", "configs");

    [TestMethod]
    public void The_page_says_what_the_schema_and_the_shipped_file_say()
    {
        var expected = Write();
        if (Environment.GetEnvironmentVariable("SSCMA_WRITE_DOCS") == "1")
            File.WriteAllText(Page, expected);

        Assert.AreEqual(expected, File.ReadAllText(Page), "write the page again with SSCMA_WRITE_DOCS=1");
    }

    private static string Write()
    {
        var comments = Comments();
        var defaults = ConfigLoader.Load("rtmdet_nano_8xb32_300e_coco", Shipped, []);
        var text = new StringBuilder();
        text.Append("# Keys of a configuration\n\n");
        text.Append("Every key of the YAML files, for `CfgOptions` with its section: `optim.lr=0.001`. The defaults are those of `rtmdet_nano_8xb32_300e_coco`;\n");
        text.Append("what the other configurations change stands in `targets/configs/`. How files, metadata and options come together: [Configuration](../configuration.md).\n");
        foreach (var property in ConfigSchema.PropertiesOf(typeof(DetectorConfig)))
        {
            var name = ConfigSchema.KeyOf(property);
            text.Append($"\n## {name}\n\n| Key | Default | Allowed | Meaning |\n| --- | --- | --- | --- |\n");
            Rows(text, comments, property.GetValue(defaults)!, $"{name}.", "");
        }

        return text.ToString();
    }

    private static void Rows(StringBuilder text, Dictionary<string, string> comments, object section, string path, string within)
    {
        foreach (var property in ConfigSchema.PropertiesOf(section.GetType()))
        {
            var key = ConfigSchema.KeyOf(property);
            var value = property.GetValue(section)!;
            if (ConfigSchema.IsSection(property.PropertyType))
            {
                Rows(text, comments, value, $"{path}{key}.", $"{within}{key}.");
                continue;
            }

            Assert.IsTrue(comments.TryGetValue(path + key, out var meaning), $"{path}{key} has no comment in the shipped file");
            text.Append($"| `{within}{key}` | `{Text(value)}` | {Allowed(property)} | {meaning} |\n");
        }
    }

    private static string Allowed(PropertyInfo property)
    {
        var words = property.GetCustomAttribute<OneOfAttribute>()?.Words;
        if (words is not null)
            return (property.PropertyType == typeof(string) ? "" : "any of ") + string.Join(", ", words.Select(word => $"`{word}`"));
        return property.GetCustomAttribute<BoundsAttribute>()?.Describe() ?? "`true`, `false`";
    }

    private static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>Dotted key → comment, from a file in which every value stands on a line of its own.</summary>
    private static Dictionary<string, string> Comments()
    {
        var comments = new Dictionary<string, string>();
        var path = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(Shipped, "rtmdet_nano_8xb32_300e_coco.yaml")))
        {
            if (Line().Match(line) is not { Success: true } match)
                continue;
            var depth = match.Groups["indent"].Length / 2;
            path.RemoveRange(depth, path.Count - depth);
            path.Add(match.Groups["key"].Value);
            if (match.Groups["comment"].Success)
                comments[string.Join('.', path)] = match.Groups["comment"].Value.Trim();
        }

        return comments;
    }

    [GeneratedRegex(@"^(?<indent> *)(?<key>\w+):(?: +[^#]*# (?<comment>.*))?")]
    private static partial Regex Line();
}
