using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Sscma.Files;
using Sscma.Training.Loading;
using Sscma.Training.Loop;
using Sscma.Training.Network;
using Sscma.Training.Optimization;

namespace Sscma.Training.Page;

/// <summary>
/// <c>train.html</c>: curves, training images as the network sees them, validation images with what it finds. One file that loads nothing else. It holds no time and
/// no path, so the page of a finished training is the same however often it was interrupted.
/// </summary>
internal sealed class TrainingPage(string path, TrainingData data, TrainingPlan plan, LearningRateSchedule schedule, TrainingSet set, Validator validator)
{
    // The page may take a hundredth of the training's time.
    private const int TimesDearer = 100;

    private readonly PagePictures _pictures = new(data, plan, set, validator);
    private readonly Stopwatch _life = Stopwatch.StartNew();
    private TimeSpan _spent;
    private TimeSpan _last;

    /// <summary>Writes the page of a running training, if enough time has passed since it was written last.</summary>
    /// <param name="state">Where the training stands.</param>
    /// <param name="model">The detector as it is now.</param>
    public void Renew(TrainingState state, RtmDet model)
    {
        if (_life.Elapsed >= (_spent + _last) * TimesDearer || _spent == TimeSpan.Zero)
            Write(state, model, finished: false);
    }

    /// <summary>Writes the page of a training that has ended.</summary>
    /// <param name="state">Where it ended.</param>
    /// <param name="best">The detector that is kept.</param>
    public void Finish(TrainingState state, RtmDet best) => Write(state, best, finished: true);

    private void Write(TrainingState state, RtmDet model, bool finished)
    {
        var start = _life.Elapsed;
        AtomicFile.WriteAllText(path, Html(state, model, finished));
        _last = _life.Elapsed - start;
        _spent += _last;
    }

    private string Html(TrainingState state, RtmDet model, bool finished)
    {
        var gallery = new PageGallery(data.Labels);
        var found = _pictures.Found(model);
        gallery.Heading("Validation images", $"Left the annotations, right what {(finished ? $"the kept epoch {state.BestEpoch}" : $"epoch {state.Epochs.Count}")} finds with a score of at least {PagePictures.LeastScore}; dashed is wrong: the class, the place (an overlap below one half), or a second box for one object.")
            .Legend()
            .Pairs(_pictures.Validation.Select((pair, i) => (pair.Image.FileName, pair.Picture, found[i])));
        Stage(gallery, "1", _pictures.FirstStage, data.Config.Augmentation.Order, 1);
        Stage(gallery, "2", _pictures.SecondStage, data.Config.Augmentation.Stage2Order, plan.Stage2Start + 1);

        var text = new StringBuilder(PageStyle.Head(data.Model, renewed: !finished));
        Introduce(text, state, finished);
        text.Append("<section class=\"charts\">\n").Append(PageCharts.Html(state, plan, schedule)).Append("</section>\n").Append(gallery);
        Table(text, state);
        return text.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Stage(PageGallery gallery, string stage, IReadOnlyList<PagePicture> pictures, IEnumerable<string> order, int epoch)
    {
        if (pictures.Count > 0)
            gallery.Heading($"Training images, stage {stage}", $"As the network sees them in epoch {epoch}: {string.Join(", ", order)}.").Grid(pictures);
    }

    private void Introduce(StringBuilder text, TrainingState state, bool finished)
    {
        var (train, done) = (data.Config.Train, state.Epochs.Count);
        var stands = !finished ? $"epoch {done} of {plan.Epochs}" : state.Stopped is { } reason ? $"ended after epoch {done} of {plan.Epochs}: {reason}" : $"{done} epochs, finished";
        text.Append("<header><h1>").Append(Escaped(data.Model)).Append("</h1><p>").Append(Escaped(stands)).Append("</p></header>\n<p class=\"facts\">")
            .Append(Escaped($"{train.ImageSize}×{train.ImageSize} pixels · {data.Labels.Count} classes · {data.Images.Count} training images with {data.Images.Sum(image => image.Objects.Count)} objects · {data.Validation.Images.Count} validation images · batches of {plan.BatchSize} · seed {train.Seed}"))
            .Append("</p>\n<section class=\"tiles\">\n");
        var best = state.Epochs.Find(epoch => epoch.Epoch == state.BestEpoch);
        Tile(text, "best mAP", Score(best?.Metrics?.MAP));
        Tile(text, "its mAP 50", Score(best?.Metrics?.MAP50));
        Tile(text, "its mAP 75", Score(best?.Metrics?.MAP75));
        Tile(text, "best epoch", best is null ? "–" : best.Epoch.ToString(CultureInfo.InvariantCulture));
        Tile(text, "last loss", state.Epochs[^1].Loss.ToString("0.000", CultureInfo.InvariantCulture));
        text.Append("</section>\n");
    }

    private static void Table(StringBuilder text, TrainingState state)
    {
        const int Most = 1000;
        text.Append("<details><summary>All epochs</summary>\n<div class=\"scroll\"><table>\n<tr><th>epoch<th>learning rate<th>loss<th>class<th>box<th>mAP<th>mAP 50<th>mAP 75</tr>\n");
        foreach (var epoch in state.Epochs.TakeLast(Most))
        {
            var best = epoch.Epoch == state.BestEpoch ? " class=\"best\"" : "";
            text.Append(CultureInfo.InvariantCulture, $"<tr{best}><td>{epoch.Epoch}<td>{epoch.LearningRate:0.00e+00}<td>{epoch.Loss:0.0000}<td>{epoch.LossCls:0.0000}<td>{epoch.LossBbox:0.0000}<td>{Score(epoch.Metrics?.MAP)}<td>{Score(epoch.Metrics?.MAP50)}<td>{Score(epoch.Metrics?.MAP75)}</tr>\n");
        }

        text.Append("</table></div></details>\n");
    }

    private static void Tile(StringBuilder text, string name, string value) => text.Append("<div><b>").Append(value).Append("</b><span>").Append(name).Append("</span></div>\n");

    private static string Score(double? value) => value is >= 0 and { } measured ? measured.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    private static string Escaped(FormattableString text) => WebUtility.HtmlEncode(text.ToString(CultureInfo.InvariantCulture));

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
