namespace Sscma.Training.Weights.PyTorch;

/// <summary>A pickle refers to something that no state dict needs. Nothing was executed.</summary>
internal sealed class ForbiddenNameException(string name) : Exception($"the pickle refers to '{name}'")
{
    /// <summary>The full name, such as <c>posix.system</c>.</summary>
    public string Name { get; } = name;
}
