using System.Diagnostics;
using System.Globalization;
using Sscma.Build.Tasks;

namespace Sscma.Bench;

/// <summary>
/// Loops that step in turns, each in a process of its own, since how a process gets its memory is a part of how fast it is: ours is started as the build
/// starts a training, the others as anybody starts a program.
/// </summary>
internal static class Steppers
{
    // So long .NET's compiler is busy with what it has found to be hot.
    private const int WarmUp = 10;

    /// <summary>Median seconds of a step of each loop, and the seconds that all its threads together compute in one. On a busy machine only the latter tell much.</summary>
    /// <param name="steps">How many each makes.</param>
    /// <param name="arguments">What the loops are told.</param>
    /// <param name="loops">Their names; "plain" is nobody's worker.</param>
    public static (double Median, double Processor)[] Compare(int steps, Arguments arguments, params string[] loops)
    {
        var processes = loops.Select(loop => Start(loop, arguments)).ToArray();
        try
        {
            foreach (var process in processes)
            {
                for (var i = 0; i < WarmUp; i++)
                    Ask(process);
            }

            var before = Array.ConvertAll(processes, ProcessorSeconds);
            var medians = Stopwatches.Compare(steps, [.. processes.Select<Process, Action>(process => () => Ask(process))]);
            return [.. processes.Select((process, i) => (medians[i], (ProcessorSeconds(process) - before[i]) / (steps + 1)))];
        }
        finally
        {
            foreach (var process in processes)
            {
                process.StandardInput.Close();
                process.WaitForExit();
                process.Dispose();
            }
        }
    }

    /// <summary>The other side: a step for each line that comes in.</summary>
    public static void Serve(Action step)
    {
        while (Console.ReadLine() is not null)
        {
            step();
            Console.WriteLine("done");
        }
    }

    /// <summary>The number that a process prints which is started as the build starts a training.</summary>
    public static double Number(string verb, Arguments arguments)
    {
        using var process = Start(verb, arguments, asWorker: true);
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(line, CultureInfo.InvariantCulture);
    }

    private static Process Start(string loop, Arguments arguments) => Start("step", arguments, asWorker: loop != "plain", $"loop={loop}");

    private static Process Start(string verb, Arguments arguments, bool asWorker, params string[] more)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var word in new[] { typeof(Steppers).Assembly.Location, verb }.Concat(more).Concat(arguments.Words))
            start.ArgumentList.Add(word);
        if (asWorker && WorkerMemory.Value is { } settings)
            start.Environment[WorkerMemory.Variable] = settings;
        return Process.Start(start) ?? throw new InvalidOperationException("the process does not start");
    }

    private static double ProcessorSeconds(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static void Ask(Process process)
    {
        process.StandardInput.WriteLine("step");
        process.StandardInput.Flush();
        if (process.StandardOutput.ReadLine() != "done")
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"process {process.Id} ended without its step"));
    }
}
