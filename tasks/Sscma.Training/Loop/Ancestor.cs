namespace Sscma.Training.Loop;

/// <summary>A training whose weights another one went on from.</summary>
/// <param name="Weights">SHA-256 of its weights.safetensors.</param>
/// <param name="Epochs">Epochs that it lasted.</param>
internal sealed record Ancestor(string Weights, int Epochs);
