using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sscma.Coco;
using Sscma.Detection;
using Sscma.Diagnostics;
using Sscma.TestSupport;
using Sscma.Training.Augmentation;
using Sscma.Training.Page;
using Sscma.Training.Tests.Loop;

namespace Sscma.Training.Tests.Page;

[TestClass]
public sealed class TrainingPageTests
{
    [TestMethod]
    public void The_page_has_curves_and_pictures_and_loads_nothing()
    {
        var data = new TinyDataset(trainImages: 16);
        var html = Train(data.Request("work"), out var running);
        var drawings = Regex.Matches(html, "<svg.*?</svg>", RegexOptions.Singleline).Select(match => XElement.Parse(match.Value)).ToList();

        Assert.HasCount(3 + (2 * 4) + 12 + 6, drawings, "three charts, four pairs, twelve images of stage 1 and six of stage 2");
        Assert.IsFalse(Regex.IsMatch(Regex.Replace(html, "base64,[^\"]*", ""), @"//|<script|<link|@import|src=|url\("), "nothing is loaded");
        Assert.IsTrue(Regex.Matches(html, "href=\"(?<to>[^\"]*)\"").All(match => match.Groups["to"].Value is ['#', ..] or ['d', 'a', 't', 'a', ':', ..]));
        Assert.Contains("<title>tiny: training</title>", html);
        Assert.Contains("4 epochs, finished", html);
        Assert.Contains("As the network sees them in epoch 1: mosaic, resize, crop, hsv, flip, pad, mixup.", html);
        var loss = drawings[0].Descendants("polyline").ToList();
        Assert.AreSequenceEqual(["a", "b", "c"], loss.Select(line => line.Attribute("class")!.Value));
        Assert.IsTrue(loss.All(line => line.Attribute("points")!.Value.Trim().Split(' ').Length == 4), "a point per epoch");
        Assert.AreEqual(4, drawings[0].Descendants("title").Count());
        Assert.AreEqual(5, Regex.Matches(html, "<tr").Count, "a row per epoch, and the head");

        // While it trains, the page comes again by itself.
        Assert.Contains("http-equiv=\"refresh\"", running);
        Assert.DoesNotContain("http-equiv=\"refresh\"", html);
        Assert.Contains("epoch 1 of 4", running);
    }

    [TestMethod]
    public void Boxes_on_the_page_lie_on_their_colours()
    {
        var plain = TinyDataset.Config with { Augmentation = TinyDataset.Config.Augmentation with { Order = ["mosaic", "resize", "crop", "flip", "pad"], Stage2Order = ["resize", "crop", "flip", "pad"] } };
        var data = new TinyDataset(trainImages: 16);
        var html = Train(data.Request("work", plain), out _);
        var boxes = 0;
        foreach (var drawing in Regex.Matches(html, "<svg.*?</svg>", RegexOptions.Singleline).Select(match => XElement.Parse(match.Value)).Where(drawing => drawing.Element("image") is not null))
        {
            var file = Path.Combine(data.Folder, "picture.jpg");
            File.WriteAllBytes(file, Convert.FromBase64String(drawing.Element("image")!.Attribute("href")!.Value["data:image/jpeg;base64,".Length..]));
            var picture = ImageFile.Decode(file);
            Assert.AreEqual((TinyDataset.Size, TinyDataset.Size), (picture.Width, picture.Height));
            foreach (var box in drawing.Descendants("rect"))
            {
                double Number(string name) => double.Parse(box.Attribute(name)!.Value, CultureInfo.InvariantCulture);
                if (Number("width") < 6 || Number("height") < 6)
                    continue;
                var (x, y) = ((int)(Number("x") + (Number("width") / 2)), (int)(Number("y") + (Number("height") / 2)));
                var pixel = picture.Row(y).Slice(3 * x, 3);
                var (own, other) = box.Element("title")!.Value == "red" ? (pixel[0], pixel[2]) : (pixel[2], pixel[0]);
                Assert.IsGreaterThan(100, own - other, $"{box} at ({x}, {y})");
                boxes++;
            }
        }

        Assert.IsGreaterThan(30, boxes);
    }

    [TestMethod]
    public void Names_are_text_and_not_markup()
    {
        var data = new TinyDataset(trainCategories: ["<b>red & \"hot\"", "blue"], valCategories: ["<b>red & \"hot\"", "blue"]);
        var once = TinyDataset.Config with { Train = TinyDataset.Config.Train with { MaxEpochs = 1 } };

        var html = Train(data.Request("work", once) with { Model = "a<i>b" }, out _);

        Assert.DoesNotContain("<b>red", html);
        Assert.DoesNotContain("<i>", html);
        Assert.Contains("&lt;b&gt;red &amp; &quot;hot&quot;", html);
        Assert.Contains("1 epochs, finished", html);
    }

    [TestMethod]
    public void Even_pictures_of_noise_make_no_page_of_a_megabyte()
    {
        // 12 + 6 thumbnails of training images, 8 of validation images.
        var training = PagePicture.Of(Noise(640), 160, []).Jpeg.Length;
        var validation = PagePicture.Of(Noise(640), 288, []).Jpeg.Length;

        Assert.IsLessThan(950_000, (18 * training) + (8 * validation));
    }

    [TestMethod]
    public void A_thumbnail_is_the_picture_small_and_a_small_picture_stays()
    {
        var file = Path.Combine(TestPaths.Scratch(), "thumbnail.jpg");
        foreach (var (width, height, expected) in new[] { (640, 320, (160, 80)), (64, 32, (64, 32)) })
        {
            var image = new RgbImage(width, height, 90);
            for (var y = 0; y < height / 2; y++)
                image.Row(y).Fill(200);
            var picture = PagePicture.Of(image, 160, []);
            File.WriteAllBytes(file, Convert.FromBase64String(picture.Jpeg));
            var thumbnail = ImageFile.Decode(file);

            Assert.AreEqual(expected, (thumbnail.Width, thumbnail.Height));
            Assert.AreEqual((width, height), (picture.Width, picture.Height));
            Assert.AreEqual(200, thumbnail.Row(2)[6], 3d);
            Assert.AreEqual(90, thumbnail.Row(thumbnail.Height - 3)[6], 3d);
        }
    }

    [TestMethod]
    public void The_surest_box_takes_an_object_and_what_has_none_is_wrong()
    {
        PageBox[] truth = [new(new Box(0, 0, 10, 10), 0), new(new Box(20, 0, 30, 10), 1)];
        PageBox Found(float x, int label, double score) => new(new Box(x, 0, x + 10, 10), label, score);

        var matched = PageBox.Matched([Found(1, 0, 0.9), Found(0, 0, 0.8), Found(20, 0, 0.7), Found(24, 1, 0.6), Found(22, 1, 0.5)], truth);

        Assert.AreSequenceEqual([true, false, false, false, true], matched.Select(item => item.Hit));
    }

    [TestMethod]
    [DataRow(0.0, "0 1")]
    [DataRow(double.NaN, "0 1")]
    [DataRow(1.0, "0 0.2 0.4 0.6 0.8 1")]
    [DataRow(0.56, "0 0.2 0.4 0.6")]
    [DataRow(0.004, "0 0.001 0.002 0.003 0.004")]
    [DataRow(37.0, "0 10 20 30 40")]
    public void An_axis_has_round_marks(double most, string marks) =>
        Assert.AreEqual(marks, string.Join(' ', LineChart.Steps(most).Select(step => step.ToString("0.####", CultureInfo.InvariantCulture))));

    [TestMethod]
    public void A_chart_of_many_epochs_stays_small_and_ends_with_the_last()
    {
        var points = Enumerable.Range(1, 5000).Select(epoch => ((double)epoch, 1.0 / epoch)).ToList();

        var chart = XElement.Parse(LineChart.Draw("loss", 5000, [new ChartLine("loss", "a", points)], [.. points.Select(point => ((int)point.Item1, $"Epoch {point.Item1}"))], null, null));

        Assert.IsLessThanOrEqualTo(400, chart.Element("polyline")!.Attribute("points")!.Value.Trim().Split(' ').Length);
        Assert.AreEqual("Epoch 5000", chart.Descendants("title").Last().Value);
        Assert.StartsWith("468,", chart.Element("polyline")!.Attribute("points")!.Value.Trim().Split(' ')[^1], "the right edge");
    }

    private static string Train(TrainingRequest request, out string running)
    {
        var page = Path.Combine(request.WorkFolder, "train.html");
        var first = "";
        using var console = new LineWatch(line =>
        {
            if (line.StartsWith("Epoch(train)  [2][1/", StringComparison.Ordinal))
                first = File.ReadAllText(page);
        });
        DetectorTrainer.Train(request with { LogInterval = 1 }, new DiagnosticList(), console, CancellationToken.None);
        running = first;
        return File.ReadAllText(page);
    }

    private static RgbImage Noise(int size)
    {
        var image = new RgbImage(size, size);
        var random = new RandomSource(5);
        for (var i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)random.Below(256);
        return image;
    }
}
