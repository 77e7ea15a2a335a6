using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Sscma.Coco;
using Sscma.Coco.Evaluation;
using Sscma.Detection;
using Sscma.Tflite.Detection;

namespace Sscma.Build.Worker.Evaluation;

/// <summary>Runs the .tflite over the images of a dataset, several at a time; the result does not depend on how many.</summary>
/// <param name="model">The file.</param>
/// <param name="dataset">The images; each is decoded once.</param>
/// <param name="options">How raw outputs become detections.</param>
/// <param name="device">The device's thresholds; null when nobody asks what it would report.</param>
internal sealed class DetectionRun(byte[] model, CocoDataset dataset, DecodeOptions options, FirmwareOptions? device)
{
    /// <summary>A detector serves one thread at a time, and there are never more of them than threads.</summary>
    private readonly ConcurrentBag<TfliteDetector> _idle = [];

    /// <summary>The detections of all images in the order of the images, best first in each; and what the device reports for them.</summary>
    /// <param name="labels">The category's index for each label: <see cref="ClassMap"/>.</param>
    /// <param name="progress">Is told how many images are done, from any thread.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <exception cref="Diagnostics.DiagnosticException">An image cannot be decoded, or the model cannot be run.</exception>
    public (List<CocoDetection> Usual, List<CocoDetection> Device) Run(int[] labels, Action<int> progress, CancellationToken cancellation)
    {
        var found = new (List<CocoDetection> Usual, List<CocoDetection> Device)[dataset.Images.Count];
        var problems = new Exception?[found.Length];
        var done = 0;
        Parallel.For(0, found.Length, new ParallelOptions { CancellationToken = cancellation }, (i, state) =>
        {
            try
            {
                found[i] = Detect(dataset.Images[i], labels);
                progress(Interlocked.Increment(ref done));
            }
            catch (Exception problem)
            {
                problems[i] = problem;
                state.Break(); // Images before this one are still looked at, so the first problem is always the same.
            }
        });
        if (Array.Find(problems, problem => problem is not null) is { } first)
            ExceptionDispatchInfo.Throw(first);
        return ([.. found.SelectMany(views => views.Usual)], [.. found.SelectMany(views => views.Device)]);
    }

    private (List<CocoDetection> Usual, List<CocoDetection> Device) Detect(CocoImage image, int[] labels)
    {
        var picture = ImageFile.Decode(image.Path);
        if (!_idle.TryTake(out var detector))
            detector = new TfliteDetector(model);
        var objects = detector.Detect(picture.Pixels, picture.Width, picture.Height, options);
        var boxes = device is null ? [] : detector.DetectAsDevice(picture.Pixels, picture.Width, picture.Height, device);
        _idle.Add(detector);
        // A score channel without a label belongs to no category.
        return (
            [.. objects.Select(item => From(item, image.Id, Category(item.ClassIndex)))],
            [.. boxes.Where(box => box.ClassIndex < labels.Length).Select(box => From(box, image.Id, Category(box.ClassIndex), picture))]);

        long Category(int label) => dataset.Categories[labels[label]].Id;
    }

    /// <summary>Width and height are taken from the corners as doubles, as the reference's evaluation does.</summary>
    private static CocoDetection From(DetectedObject item, long imageId, long categoryId)
    {
        double left = item.Box.X1, top = item.Box.Y1;
        return new CocoDetection(imageId, categoryId, left, top, item.Box.X2 - left, item.Box.Y2 - top, item.Score);
    }
    /// <summary>Fractions of the frame to pixels of the image. The device clips nothing, so nothing is clipped here.</summary>
    private static CocoDetection From(FirmwareBox box, long imageId, long categoryId, RgbImage picture)
    {
        double width = (double)box.Width * picture.Width, height = (double)box.Height * picture.Height;
        return new CocoDetection(imageId, categoryId, ((double)box.CenterX * picture.Width) - (width / 2), ((double)box.CenterY * picture.Height) - (height / 2), width, height, box.Score);
    }
}
