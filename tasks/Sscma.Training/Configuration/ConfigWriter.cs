using System.Globalization;
using System.Reflection;
using System.Text;

namespace Sscma.Training.Configuration;

/// <summary>Writes a whole configuration as YAML: every key, in the order of the records. Equal configurations give equal text.</summary>
public static class ConfigWriter
{
    /// <summary>The YAML text; <see cref="ConfigLoader"/> reads it back to an equal configuration.</summary>
    public static string ToYaml(DetectorConfig config)
    {
        var text = new StringBuilder("# The configuration that was in effect: shipped or own YAML, then item metadata, then CfgOptions.\n");
        WriteSection(text, config, "");
        return text.ToString();
    }

    private static void WriteSection(StringBuilder text, object section, string indent)
    {
        foreach (var property in ConfigSchema.PropertiesOf(section.GetType()))
            Write(text, property, property.GetValue(section)!, indent);
    }

    private static void Write(StringBuilder text, PropertyInfo property, object value, string indent)
    {
        text.Append(indent).Append(ConfigSchema.KeyOf(property)).Append(':');
        if (!ConfigSchema.IsSection(property.PropertyType))
        {
            text.Append(' ').Append(Describe(value)).Append('\n');
            return;
        }

        text.Append('\n');
        WriteSection(text, value, indent + "  ");
    }

    private static string Describe(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
