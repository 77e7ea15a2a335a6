using System.Globalization;
using System.Net;
using System.Text;

namespace Sscma.Training.Page;

/// <summary>Pictures with boxes, as SVG: sharp at every size, and a picture that is shown twice is in the page once.</summary>
internal sealed class PageGallery(IReadOnlyList<string> labels)
{
    private const int MostScores = 12;

    private readonly StringBuilder _html = new();
    private int _pictures;

    /// <summary>A heading and a line about what follows.</summary>
    public PageGallery Heading(string name, FormattableString about)
    {
        _html.Append("<h2>").Append(WebUtility.HtmlEncode(name)).Append("</h2>\n<p class=\"about\">").Append(WebUtility.HtmlEncode(about.ToString(CultureInfo.InvariantCulture))).Append("</p>\n");
        return this;
    }

    /// <summary>A grid of pictures.</summary>
    public PageGallery Grid(IEnumerable<PagePicture> pictures)
    {
        _html.Append("<div class=\"pictures\">\n");
        foreach (var picture in pictures)
            Shown(picture, picture.Boxes, $"i{_pictures++}", first: true);
        _html.Append("</div>\n");
        return this;
    }

    /// <summary>A grid of pairs: the annotations, and what was found.</summary>
    public PageGallery Pairs(IEnumerable<(string Name, PagePicture Picture, IReadOnlyList<PageBox> Found)> pairs)
    {
        _html.Append("<div class=\"pairs\">\n");
        foreach (var (name, picture, found) in pairs)
        {
            var id = $"i{_pictures++}";
            _html.Append("<figure><div class=\"pair\">\n");
            Shown(picture, picture.Boxes, id, first: true);
            Shown(picture, found, id, first: false);
            var hits = found.Count(item => item.Hit);
            var text = string.Create(CultureInfo.InvariantCulture, $"{hits} of {picture.Boxes.Count} found, {found.Count - hits} wrong");
            _html.Append("</div><figcaption><span>").Append(WebUtility.HtmlEncode(name)).Append("</span><span>").Append(text).Append("</span></figcaption></figure>\n");
        }

        _html.Append("</div>\n");
        return this;
    }

    /// <summary>The classes in their colours.</summary>
    public PageGallery Legend()
    {
        const int Most = 24;
        _html.Append("<p class=\"classes\">");
        foreach (var (i, label) in labels.Take(Most).Index())
            _html.Append("<span style=\"--c:").Append(Colour(i)).Append("\">").Append(WebUtility.HtmlEncode(label)).Append("</span>");
        if (labels.Count > Most)
            _html.Append("and ").Append(labels.Count - Most).Append(" more");
        _html.Append("</p>\n");
        return this;
    }

    /// <summary>What was added, as HTML.</summary>
    public override string ToString() => _html.ToString();

    /// <summary>A colour per class: the hues of neighbours are far apart, and every one is bright enough on a photograph.</summary>
    internal static string Colour(int label) => string.Create(CultureInfo.InvariantCulture, $"hsl({(155 + (label * 137.508)) % 360:0} 90% {(label % 2 == 0 ? 58 : 66)}%)");

    private void Shown(PagePicture picture, IReadOnlyList<PageBox> boxes, string id, bool first)
    {
        Add($"""<svg viewBox="0 0 {picture.Width} {picture.Height}">""");
        if (first)
            Add($"""<image id="{id}" width="{picture.Width}" height="{picture.Height}" preserveAspectRatio="none" href="data:image/jpeg;base64,{picture.Jpeg}"/>""");
        else
            Add($"""<use href="#{id}"/>""");
        // What is wrong lies below; many scores would hide the picture, the pointer tells them.
        var letter = boxes.Count <= MostScores ? Math.Max(picture.Width, picture.Height) / 24.0 : 0;
        foreach (var box in boxes.OrderBy(box => box.Hit))
            Draw(box, letter);
        _html.Append("</svg>\n");
    }

    private void Draw(PageBox item, double letter)
    {
        var (box, name) = (item.Box, item.Label < labels.Count ? labels[item.Label] : $"class {item.Label}");
        var title = item.Score is { } score ? string.Create(CultureInfo.InvariantCulture, $"{name} {score:0.00}") : name;
        Add($"""<g{(item is { Score: not null, Hit: false } ? " class=\"wrong\"" : "")} style="--c:{Colour(item.Label)}"><rect x="{box.X1:0.#}" y="{box.Y1:0.#}" width="{box.Width:0.#}" height="{box.Height:0.#}"><title>{WebUtility.HtmlEncode(title)}</title></rect>""");
        if (item.Score is { } sure && letter > 0)
            Add($"""<text x="{box.X1 + (letter / 6):0.#}" y="{Math.Max(box.Y1 - (letter / 4), letter):0.#}" font-size="{letter:0.#}">{sure:0.00}</text>""");
        _html.Append("</g>");
    }

    private void Add(FormattableString text) => _html.Append(text.ToString(CultureInfo.InvariantCulture));
}
