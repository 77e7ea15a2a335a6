using Sscma.Training.Augmentation;

namespace Sscma.Training.Loading;

/// <summary>An image file to train on.</summary>
/// <param name="Path">The file.</param>
/// <param name="Width">True width of the upright picture in pixels.</param>
/// <param name="Height">True height of the upright picture in pixels.</param>
/// <param name="Objects">Its objects, in pixels of the upright picture; at least one.</param>
public sealed record TrainingImage(string Path, int Width, int Height, IReadOnlyList<LabeledBox> Objects);
