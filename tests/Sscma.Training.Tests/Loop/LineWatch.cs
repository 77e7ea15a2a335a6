using System.Text;

namespace Sscma.Training.Tests.Loop;

/// <summary>A console that keeps its lines and calls back on each.</summary>
internal sealed class LineWatch(Action<string>? onLine = null) : TextWriter
{
    public List<string> Lines { get; } = [];

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value)
    {
        Lines.Add(value ?? "");
        onLine?.Invoke(value ?? "");
    }
}
