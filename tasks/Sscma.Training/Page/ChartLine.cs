namespace Sscma.Training.Page;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">The style sheet's class: <c>a</c>, <c>b</c> or <c>c</c>.</param>
/// <param name="Points">From left to right.</param>
internal sealed record ChartLine(string Name, string Style, IReadOnlyList<(double X, double Y)> Points);
