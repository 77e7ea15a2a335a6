namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>A part of a convolution's window whose products are added up at once: some runs, of each the same steps.</summary>
/// <param name="FirstRun">First run.</param>
/// <param name="Runs">Number of runs.</param>
/// <param name="FirstStep">First step in each run.</param>
/// <param name="Steps">Number of steps.</param>
internal readonly record struct ConvSection(int FirstRun, int Runs, int FirstStep, int Steps);
