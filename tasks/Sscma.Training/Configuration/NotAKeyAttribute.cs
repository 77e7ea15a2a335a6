namespace Sscma.Training.Configuration;

/// <summary>Marks a property that follows from others and so is no key of the YAML file.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotAKeyAttribute : Attribute;
