using System.Reflection;
using System.Text;

namespace Sscma.Training.Configuration;

/// <summary>The keys of a section, read from its record.</summary>
internal static class ConfigSchema
{
    /// <summary>The properties that are keys, in the order of their declaration.</summary>
    public static IReadOnlyList<PropertyInfo> PropertiesOf(Type section) =>
        [.. section.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && property.GetCustomAttribute<NotAKeyAttribute>() is null)
            .OrderBy(property => property.MetadataToken)];

    /// <summary>Whether a type is a section (a record of this namespace) and not a value.</summary>
    public static bool IsSection(Type type) => type.Namespace == typeof(DetectorConfig).Namespace && type != typeof(Sequence<string>);

    /// <summary>The key of a property: Stage2Epochs → stage2_epochs.</summary>
    public static string KeyOf(MemberInfo property)
    {
        var key = new StringBuilder();
        foreach (var letter in property.Name)
        {
            if (char.IsUpper(letter) && key.Length > 0)
                key.Append('_');
            key.Append(char.ToLowerInvariant(letter));
        }

        return key.ToString();
    }

    /// <summary>Every dotted key that holds a value.</summary>
    public static IEnumerable<string> AllKeys(Type section, string prefix = "") => PropertiesOf(section).SelectMany(property =>
        IsSection(property.PropertyType) ? AllKeys(property.PropertyType, $"{prefix}{KeyOf(property)}.") : [prefix + KeyOf(property)]);
}
