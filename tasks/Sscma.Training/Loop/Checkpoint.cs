using Sscma.Tensors;

namespace Sscma.Training.Loop;

/// <summary>A training at rest.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Tensors">Weights, optimiser, average.</param>
/// <param name="Best">The weights of the best epoch; null before the first validation.</param>
internal sealed record Checkpoint(
    TrainingState State, IReadOnlyDictionary<string, StoredTensor> Tensors, IReadOnlyList<KeyValuePair<string, StoredTensor>>? Best);
