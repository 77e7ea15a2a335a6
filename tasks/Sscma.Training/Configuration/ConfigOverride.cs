namespace Sscma.Training.Configuration;

/// <summary>One value that replaces what the YAML file says.</summary>
/// <param name="Key">The dotted key, <c>optim.lr</c>.</param>
/// <param name="Value">The text of the value, as it would stand in the YAML file.</param>
/// <param name="Source">Who says so, for messages: "metadata MaxEpochs", "CfgOptions".</param>
public sealed record ConfigOverride(string Key, string Value, string Source);
