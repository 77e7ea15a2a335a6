using System.Globalization;
using Sscma.Coco;
using Sscma.Coco.Evaluation;

namespace Sscma.Bench;

/// <summary>The COCO evaluation of an invented split as large as COCO's own: 5000 images, 80 classes, 100 detections each.</summary>
internal static class EvaluatorBench
{
    public static void Run(Arguments arguments)
    {
        var images = arguments.Number("images", 5000);
        var input = Invent(images, classes: 80, perImage: arguments.Number("detections", 100));
        var seconds = Stopwatches.Compare(arguments.Number("rounds", 3), () => CocoEvaluator.Evaluate(input))[0];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{images} images, {input.Annotations.Count} objects, {input.Detections.Count} detections: {seconds:0.00} s, {input.Detections.Count / seconds / 1e3:0} thousand detections/s"));
    }

    private static EvaluationInput Invent(int images, int classes, int perImage)
    {
        var random = new Random(1);
        var annotations = new List<CocoAnnotation>();
        var detections = new List<CocoDetection>();
        for (var image = 1; image <= images; image++)
        {
            for (var index = 0; index < 7; index++)
            {
                double x = random.Next(500), y = random.Next(400), width = random.Next(8, 140), height = random.Next(8, 140);
                annotations.Add(new CocoAnnotation(annotations.Count + 1, image, random.Next(classes) + 1, x, y, width, height, width * height, false));
            }

            for (var index = 0; index < perImage; index++)
            {
                // Most detections are near some object, as a detector's are.
                var near = annotations[^random.Next(1, 8)];
                double Shake() => (random.NextDouble() - 0.5) * 30;
                var category = random.Next(4) == 0 ? random.Next(classes) + 1 : near.CategoryId;
                detections.Add(new CocoDetection(image, category, near.X + Shake(), near.Y + Shake(), near.Width + Shake() / 4, near.Height + Shake() / 4, random.NextDouble()));
            }
        }

        return new EvaluationInput([.. Enumerable.Range(1, images)], [.. Enumerable.Range(1, classes)], annotations, detections);
    }
}
