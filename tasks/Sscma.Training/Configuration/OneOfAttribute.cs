namespace Sscma.Training.Configuration;

/// <summary>The words that a key, or each element of a sequence, may hold.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] words) : Attribute
{
    /// <summary>The allowed words.</summary>
    public IReadOnlyList<string> Words { get; } = words;
}
