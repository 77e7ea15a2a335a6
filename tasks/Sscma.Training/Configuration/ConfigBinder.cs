using System.Globalization;
using System.Reflection;
using static Sscma.Diagnostics.Codes;

namespace Sscma.Training.Configuration;

/// <summary>From YAML values to records. The first mistake ends it.</summary>
internal static class ConfigBinder
{
    /// <summary>Fills a configuration; a key that is absent keeps its default.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">SSCMA2003 or SSCMA2004.</exception>
    public static DetectorConfig Bind(ConfigNode root)
    {
        var config = (DetectorConfig)BindSection(typeof(DetectorConfig), root, "");
        CheckRange(config.Augmentation.Resize.MinRatio, config.Augmentation.Resize.MaxRatio, "augmentation.resize", root);
        CheckRange(config.Augmentation.Mixup.MinRatio, config.Augmentation.Mixup.MaxRatio, "augmentation.mixup", root);
        CheckRange(config.Augmentation.BatchResize.MinRatio, config.Augmentation.BatchResize.MaxRatio, "augmentation.batch_resize", root);
        return config;
    }

    private static object BindSection(Type type, ConfigNode node, string path)
    {
        if (node.Keys is null)
            throw node.Origin.Error(ConfigBadValue, $"{Name(path)} is {node.Kind}; it must hold keys: {KeysOf(type)}");
        var section = Activator.CreateInstance(type)!;
        var properties = ConfigSchema.PropertiesOf(type).ToDictionary(ConfigSchema.KeyOf);
        foreach (var (key, value) in node.Keys)
        {
            var full = path.Length > 0 ? $"{path}.{key}" : key;
            if (!properties.TryGetValue(key, out var property))
                throw Unknown(full, value.Origin);
            property.SetValue(section, ConfigSchema.IsSection(property.PropertyType)
                ? BindSection(property.PropertyType, value, full)
                : BindValue(property, value, full));
        }

        return section;
    }

    private static object BindValue(PropertyInfo property, ConfigNode node, string key)
    {
        if (property.PropertyType == typeof(Sequence<string>))
            return BindWords(property, node, key);
        if (property.PropertyType == typeof(string))
        {
            var words = property.GetCustomAttribute<OneOfAttribute>()!.Words;
            return node.Scalar is { } word && words.Contains(word) ? word : throw Bad(node, key, string.Join(" or ", words));
        }

        if (property.PropertyType == typeof(bool))
            return node.Scalar switch { "true" => true, "false" => false, _ => throw Bad(node, key, "true or false") };

        var bounds = property.GetCustomAttribute<BoundsAttribute>() ?? throw new InvalidOperationException($"{property} has no bounds");
        object value;
        if (property.PropertyType == typeof(int))
            value = int.TryParse(node.Scalar, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : throw Bad(node, key, $"{bounds.Describe()}, without a fraction");
        else
            value = double.TryParse(node.Scalar, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : throw Bad(node, key, bounds.Describe());
        return bounds.Allows(Convert.ToDouble(value, CultureInfo.InvariantCulture)) ? value : throw Bad(node, key, bounds.Describe());
    }

    private static Sequence<string> BindWords(PropertyInfo property, ConfigNode node, string key)
    {
        var allowed = property.GetCustomAttribute<OneOfAttribute>()!.Words;
        var expected = $"a sequence of: {string.Join(", ", allowed)}";
        if (node.Items is null)
            throw Bad(node, key, expected);
        foreach (var item in node.Items)
        {
            if (item.Scalar is null || !allowed.Contains(item.Scalar))
                throw Bad(item, key, expected);
        }

        return new Sequence<string>(node.Items.Select(item => item.Scalar!));
    }

    private static void CheckRange(double least, double greatest, string section, ConfigNode root)
    {
        if (least <= greatest)
            return;
        var node = section.Split('.').Aggregate(root, (at, key) => at.Keys!.GetValueOrDefault(key, at));
        var culprit = node.Keys!.GetValueOrDefault("min_ratio") ?? node.Keys!["max_ratio"];
        throw culprit.Origin.Error(ConfigBadValue, FormattableString.Invariant($"{section}.min_ratio is {least}, greater than max_ratio, which is {greatest}; exchange them or correct one"));
    }

    private static Exception Bad(ConfigNode node, string key, string expected) =>
        node.Origin.Error(ConfigBadValue, $"{key} is {node.Kind}; expected: {expected}");

    private static Exception Unknown(string key, ConfigOrigin origin)
    {
        var nearest = NearestWord.Of(key, ConfigSchema.AllKeys(typeof(DetectorConfig)));
        return origin.Error(ConfigUnknownKey, $"there is no configuration key '{key}'; the nearest one is '{nearest}'");
    }

    private static string Name(string path) => path.Length > 0 ? path : "the configuration";

    private static string KeysOf(Type section) => string.Join(", ", ConfigSchema.PropertiesOf(section).Select(ConfigSchema.KeyOf));
}
