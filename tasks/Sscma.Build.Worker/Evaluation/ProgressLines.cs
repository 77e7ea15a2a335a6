using System.Diagnostics;

namespace Sscma.Build.Worker.Evaluation;

/// <summary>Says how far the evaluation is, at most every few seconds.</summary>
internal sealed class ProgressLines(string model, int images, TextWriter console)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
    private readonly Lock _gate = new();

    /// <summary>So many images are done.</summary>
    public void Done(int count)
    {
        lock (_gate)
        {
            if (_sinceLine.Elapsed < Interval && count < images)
                return;
            _sinceLine.Restart();
        }

        console.WriteLine($"{model}: evaluated {count} of {images} images");
    }
}
