using System.Globalization;
using System.Net;
using System.Text;

namespace Sscma.Training.Page;

/// <summary>A chart over the epochs of a training, as SVG. Colours come from the page's style sheet, so it suits light and dark.</summary>
internal sealed class LineChart
{
    private const int Width = 480;
    private const int Height = 240;
    private const int Left = 46;
    private const int Right = 12;
    private const int Top = 12;
    private const int Bottom = 28;
    private const int MostPoints = 400;

    private readonly StringBuilder _svg = new();
    private readonly double _xMost;
    private readonly double _yMost;

    private LineChart(double xMost, double yMost) => (_xMost, _yMost) = (xMost, yMost);

    /// <summary>Draws a chart whose axes begin at 0.</summary>
    /// <param name="name">What it shows, for screen readers.</param>
    /// <param name="epochs">End of the horizontal axis.</param>
    /// <param name="lines">The lines; those without points are left out.</param>
    /// <param name="notes">What the pointer is told at an epoch: epoch and text.</param>
    /// <param name="mark">An epoch at which something changes, with its name; null for none.</param>
    /// <param name="dot">A point to stand out; null for none.</param>
    public static string Draw(string name, int epochs, IReadOnlyList<ChartLine> lines, IReadOnlyList<(int Epoch, string Text)> notes, (double Epoch, string Name)? mark, (double X, double Y)? dot)
    {
        var drawn = lines.Where(line => line.Points.Count > 0).ToList();
        var steps = Steps(drawn.SelectMany(line => line.Points).Select(point => point.Y).DefaultIfEmpty(0).Max());
        var chart = new LineChart(Math.Max(epochs, 1), steps[^1]);
        chart.Axes(steps);
        foreach (var line in drawn)
            chart.Line(line);
        if (mark is var (epoch, text))
            chart.Mark(epoch, text);
        if (dot is { } point)
            chart.Add($"""<circle class="dot" cx="{chart.X(point.X):0.#}" cy="{chart.Y(point.Y):0.#}" r="4"/>""");
        chart.Notes(notes);
        return $"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{WebUtility.HtmlEncode(name)}">{chart._svg}</svg>""";
    }

    /// <summary>Marks of the vertical axis: 0 and up in steps of 1, 2 or 5 times a power of ten, the last at or above <paramref name="most"/>.</summary>
    internal static double[] Steps(double most)
    {
        if (!(most > 0) || !double.IsFinite(most))
            return [0, 1];
        var power = Math.Pow(10, Math.Floor(Math.Log10(most / 4)));
        var step = power * new[] { 1, 2, 5, 10 }.First(factor => most / (power * factor) <= 5);
        var count = (int)Math.Ceiling((most / step) - 1e-9);
        return [.. Enumerable.Range(0, count + 1).Select(i => i * step)];
    }

    private void Axes(double[] steps)
    {
        foreach (var step in steps)
        {
            Add($"""<path class="grid" d="M{Left} {Y(step):0.#}H{Width - Right}"/>""");
            Add($"""<text x="{Left - 6}" y="{Y(step) + 4:0.#}" text-anchor="end">{Number(step)}</text>""");
        }

        var each = Math.Max(1, (int)Steps(_xMost)[1]);
        for (var epoch = 0; epoch <= _xMost; epoch += each)
            Add($"""<text x="{X(epoch):0.#}" y="{Height - 8}" text-anchor="middle">{epoch}</text>""");
    }

    private void Mark(double epoch, string name)
    {
        var right = epoch < 0.8 * _xMost;
        Add($"""<path class="mark" d="M{X(epoch):0.#} {Top}V{Height - Bottom}"/>""");
        Add($"""<text x="{X(epoch) + (right ? 5 : -5):0.#}" y="{Top + 10}" text-anchor="{(right ? "start" : "end")}">{WebUtility.HtmlEncode(name)}</text>""");
    }

    private void Line(ChartLine line)
    {
        if (line.Points.Count == 1)
        {
            Add($"""<circle class="{line.Style} point" cx="{X(line.Points[0].X):0.#}" cy="{Y(line.Points[0].Y):0.#}" r="3"/>""");
            return;
        }

        _svg.Append("<polyline class=\"").Append(line.Style).Append("\" points=\"");
        foreach (var (x, y) in Thinned(line.Points))
            Add($"{X(x):0.#},{Y(y):0.#} ");
        _svg.Append("\"/>");
    }

    private void Notes(IReadOnlyList<(int Epoch, string Text)> notes)
    {
        var shown = Thinned(notes);
        for (var i = 0; i < shown.Count; i++)
        {
            var from = i == 0 ? 0 : (shown[i - 1].Epoch + shown[i].Epoch) / 2.0;
            var to = i + 1 == shown.Count ? shown[i].Epoch + 0.5 : (shown[i].Epoch + shown[i + 1].Epoch) / 2.0;
            Add($"""<rect class="hit" x="{X(from):0.#}" y="{Top}" width="{X(to) - X(from):0.#}" height="{Height - Top - Bottom}"><title>{WebUtility.HtmlEncode(shown[i].Text)}</title></rect>""");
        }
    }

    // The last one always stays.
    private static List<T> Thinned<T>(IReadOnlyList<T> all)
    {
        var each = (all.Count + MostPoints - 1) / MostPoints;
        return each <= 1 ? [.. all] : [.. all.Where((_, i) => (all.Count - 1 - i) % each == 0)];
    }

    private static string Number(double value) => value is 0 or >= 0.001 ? value.ToString("0.####", CultureInfo.InvariantCulture) : value.ToString("0.#e-0", CultureInfo.InvariantCulture);

    private double X(double epoch) => Left + ((Width - Left - Right) * Math.Min(epoch, _xMost) / _xMost);

    private double Y(double value) => Height - Bottom - ((Height - Top - Bottom) * Math.Clamp(value / _yMost, 0, 1));

    private void Add(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
