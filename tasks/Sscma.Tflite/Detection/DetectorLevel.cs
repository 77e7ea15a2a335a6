namespace Sscma.Tflite.Detection;

/// <summary>The outputs of one feature level: indices into the model's outputs.</summary>
/// <param name="Stride">Input pixels per cell.</param>
/// <param name="Side">Cells per row and per column.</param>
/// <param name="Classes">Score channels.</param>
/// <param name="Scores">The output [1, N, classes].</param>
/// <param name="Boxes">The output [1, N, 4].</param>
public sealed record DetectorLevel(int Stride, int Side, int Classes, int Scores, int Boxes);
