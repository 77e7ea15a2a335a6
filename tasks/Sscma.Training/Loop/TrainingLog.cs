using System.Globalization;
using System.Text;

namespace Sscma.Training.Loop;

/// <summary>
/// The running text of a training, in the manner of mmengine: to the console and, line by line, into train.log, so that it can be followed while it
/// grows. Lines never have the form of a diagnostic.
/// </summary>
internal sealed class TrainingLog : IDisposable
{
    private readonly TextWriter _console;
    private readonly StreamWriter _file;

    /// <summary>Opens the log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="append">Go on with the file of an interrupted training.</param>
    /// <param name="console">Gets every line too.</param>
    public TrainingLog(string path, bool append, TextWriter console)
    {
        _console = console;
        _file = new StreamWriter(
            new FileStream(path, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete),
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        {
            AutoFlush = true,
            NewLine = "\n",
        };
    }

    /// <summary>Writes a line.</summary>
    public void Line(string text)
    {
        _file.WriteLine(text);
        _console.WriteLine(text);
    }

    /// <summary>Writes a line with numbers in the invariant form.</summary>
    public void Line(FormattableString text) => Line(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>A time span as hours, minutes and seconds: 0:01:23, or 1 day, 0:01:23.</summary>
    public static string Clock(TimeSpan time)
    {
        var days = time.Days switch { 0 => "", 1 => "1 day, ", var many => $"{many} days, " };
        return $"{days}{time.Hours}:{time.Minutes:00}:{time.Seconds:00}";
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
