using Sscma.Coco;
using Sscma.Coco.Evaluation;
using Sscma.Detection;
using Sscma.Imaging;
using Sscma.Training.Configuration;
using Sscma.Training.Loading;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Loop;

/// <summary>Measures a detector on the validation split: whole images fitted into the input, decoded outputs, COCO evaluation.</summary>
/// <param name="dataset">The validation split.</param>
/// <param name="config">Image size and how outputs become detections.</param>
internal sealed class Validator(CocoDataset dataset, DetectorConfig config)
{
    private const int BatchSize = 32;
    private const long CacheBytes = 256L << 20;

    private readonly int _size = config.Train.ImageSize;
    private readonly PixelCache _images = new(
        index => InputImage.Of(ImageFile.Decode(dataset.Images[index].Path), config.Train.ImageSize, config.Train.ImageSize, config.Train.ResizeMode).Image,
        dataset.Images.Count,
        CacheBytes);

    /// <summary>Number of images.</summary>
    public int Images => dataset.Images.Count;

    /// <summary>An image as the network gets it.</summary>
    public RgbImage ImageAt(int index) => _images.Get(index);

    /// <summary>Measures. The same weights give the same numbers.</summary>
    public EvaluationResult Run(RtmDet model, CancellationToken cancellation) => CocoEvaluator.Evaluate(new EvaluationInput(
        [.. dataset.Images.Select(image => image.Id)],
        [.. dataset.Categories.Select(category => category.Id)],
        dataset.Annotations,
        [.. Detect(model, [.. Enumerable.Range(0, Images)], cancellation).SelectMany(some => some)]));

    /// <summary>What a model finds in some images, in pixels of the originals.</summary>
    public IReadOnlyList<IReadOnlyList<CocoDetection>> Detect(RtmDet model, IReadOnlyList<int> images, CancellationToken cancellation)
    {
        var detections = new List<CocoDetection>[images.Count];
        var pixels = new byte[Math.Min(BatchSize, images.Count) * _size * _size * 3];
        for (var first = 0; first < images.Count; first += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(BatchSize, images.Count - first);
            var start = first;
            Parallel.For(0, count, i => _images.Get(images[start + i]).Pixels.CopyTo(pixels.AsSpan(i * _size * _size * 3)));
            var outputs = Forward(model, pixels, count);
            Parallel.For(0, count, i => detections[start + i] = Detect(images[start + i], outputs[i]));
        }

        return detections;
    }

    private IReadOnlyList<LevelOutput>[] Forward(RtmDet model, byte[] pixels, int count)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var outputs = model.Forward(BatchTensors.Images(pixels, count, _size, model.Parameters.Values.device), training: false);
        return [.. Enumerable.Range(0, count).Select(outputs.ToLevelOutputs)];
    }

    private List<CocoDetection> Detect(int index, IReadOnlyList<LevelOutput> outputs)
    {
        var image = dataset.Images[index];
        var fit = InputFit.Of(image.Width, image.Height, _size, _size, config.Train.ResizeMode);
        var found = RtmDetDecoder.Decode(outputs, new DecodeOptions
        {
            ScoreThreshold = (float)config.Test.ScoreThreshold,
            IouThreshold = (float)config.Test.IouThreshold,
            MaxCandidates = config.Test.MaxCandidates,
            MaxDetections = config.Test.MaxDetections,
            PointOffset = (float)config.Model.PointOffset,
            ScaleX = fit.ScaleX,
            ScaleY = fit.ScaleY,
            OriginalWidth = image.Width,
            OriginalHeight = image.Height,
        });
        return [.. found.Select(item => new CocoDetection(
            image.Id, dataset.Categories[item.ClassIndex].Id, item.Box.X1, item.Box.Y1, item.Box.Width, item.Box.Height, item.Score))];
    }
}
