using System.Globalization;
using System.Net;
using System.Text;
using Sscma.Training.Loop;
using Sscma.Training.Optimization;

namespace Sscma.Training.Page;

/// <summary>The three charts of the page: loss, mAP and learning rate over the epochs.</summary>
internal static class PageCharts
{
    /// <summary>The charts as figures.</summary>
    public static string Html(TrainingState state, TrainingPlan plan, LearningRateSchedule schedule)
    {
        var epochs = state.Epochs;
        (double, string)? mark = plan.Stage2Start > 0 && plan.Stage2Start < plan.Epochs ? (plan.Stage2Start, "stage 2") : null;
        List<(int Epoch, string Text)> notes = [.. epochs.Select(epoch => (epoch.Epoch, Note(epoch)))];
        var validated = epochs.Where(epoch => epoch.Metrics is not null).ToList();
        ChartLine Loss(string name, string style, Func<EpochRecord, double> value) => new(name, style, [.. epochs.Select(epoch => ((double)epoch.Epoch, value(epoch)))]);
        ChartLine Score(string name, string style, Func<ValidationMetrics, double> value) => new(name, style, [.. validated.Select(epoch => ((double)epoch.Epoch, Math.Max(value(epoch.Metrics!), 0)))]);
        var text = new StringBuilder();
        Figure(text, "Loss", [Loss("all", "a", epoch => epoch.Loss), Loss("class", "b", epoch => epoch.LossCls), Loss("box", "c", epoch => epoch.LossBbox)], null);
        Figure(
            text,
            "Validation mAP",
            [Score("mAP 50", "b", metrics => metrics.MAP50), Score("mAP 75", "c", metrics => metrics.MAP75), Score("mAP", "a", metrics => metrics.MAP)],
            state.BestEpoch > 0 ? (state.BestEpoch, Math.Max(state.BestMap, 0)) : null);
        Figure(text, "Learning rate", [new("", "a", Rates(schedule, plan))], null);
        return text.ToString();

        void Figure(StringBuilder page, string name, IReadOnlyList<ChartLine> lines, (double, double)? dot)
        {
            var legend = string.Concat(lines.Where(line => line.Name.Length > 0).Select(line => $"<span class=\"{line.Style}\">{line.Name}</span>"));
            page.Append("<figure><figcaption>").Append(WebUtility.HtmlEncode(name)).Append("<span class=\"legend\">").Append(legend).Append("</span></figcaption>")
                .Append(LineChart.Draw(name, plan.Epochs, lines, notes, mark, dot)).Append("</figure>\n");
        }
    }

    private static string Note(EpochRecord epoch)
    {
        var score = epoch.Metrics is { } metrics ? string.Create(CultureInfo.InvariantCulture, $"\nmAP {metrics.MAP:0.0000}, mAP 50 {metrics.MAP50:0.0000}, mAP 75 {metrics.MAP75:0.0000}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"Epoch {epoch.Epoch}\nloss {epoch.Loss:0.0000} (class {epoch.LossCls:0.0000}, box {epoch.LossBbox:0.0000}){score}\nlearning rate {epoch.LearningRate:0.0000e+00}");
    }

    // The whole schedule, what is still to come too: a function of the configuration.
    private static List<(double X, double Y)> Rates(LearningRateSchedule schedule, TrainingPlan plan)
    {
        const int Samples = 300;
        var each = Math.Max(1, schedule.Iterations / Samples);
        return [.. Enumerable.Range(0, schedule.Iterations).Where(t => t % each == 0 || t + 1 == schedule.Iterations).Select(t => ((t + 1.0) / plan.IterationsPerEpoch, schedule[t]))];
    }
}
