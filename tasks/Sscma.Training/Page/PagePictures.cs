using Sscma.Coco;
using Sscma.Detection;
using Sscma.Imaging;
using Sscma.Training.Augmentation;
using Sscma.Training.Loading;
using Sscma.Training.Loop;
using Sscma.Training.Network;

namespace Sscma.Training.Page;

/// <summary>
/// Chooses and makes the pictures of the page: training images after augmentation, spread over the first epoch of each stage, and validation images
/// spread over the split. Both are functions of the configuration and the data, whenever they are asked for.
/// </summary>
internal sealed class PagePictures(TrainingData data, TrainingPlan plan, TrainingSet set, Validator validator)
{
    /// <summary>Lowest score of a detection that is drawn.</summary>
    public const double LeastScore = 0.3;

    private const int TrainingSide = 160;
    private const int ValidationSide = 288;
    private const int MostValidation = 8;
    private const int MostBoxes = 40;

    private IReadOnlyList<PagePicture>? _firstStage;
    private IReadOnlyList<PagePicture>? _secondStage;
    private IReadOnlyList<(CocoImage Image, PagePicture Picture)>? _validation;
    private int[] _chosen = [];

    /// <summary>Images of stage 1 as the network sees them; none if there is no stage 1.</summary>
    public IReadOnlyList<PagePicture> FirstStage => _firstStage ??= plan.Stage2Start == 0 ? [] : Augmented(stage2: false, 0, 12);

    /// <summary>Images of stage 2 as the network sees them.</summary>
    public IReadOnlyList<PagePicture> SecondStage => _secondStage ??= plan.Stage2Start >= plan.Epochs ? [] : Augmented(stage2: true, (long)plan.Stage2Start * plan.Images, 6);

    /// <summary>Validation images with their annotations.</summary>
    public IReadOnlyList<(CocoImage Image, PagePicture Picture)> Validation => _validation ??= Validated();

    /// <summary>What a detector finds in the images of <see cref="Validation"/>, in the pixels of their pictures.</summary>
    public IReadOnlyList<IReadOnlyList<PageBox>> Found(RtmDet model)
    {
        var pictures = Validation;
        var classes = data.Validation.Categories.Select((category, index) => (category.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
        return [.. validator.Detect(model, _chosen, CancellationToken.None).Select((found, i) =>
        {
            var (image, picture) = pictures[i];
            var boxes = found.Where(item => item.Score >= LeastScore).OrderByDescending(item => item.Score).Take(MostBoxes)
                .Select(item => new PageBox(Scaled(item.X, item.Y, item.Width, item.Height, image, picture.Width, picture.Height), classes[item.CategoryId], item.Score));
            return PageBox.Matched(boxes, picture.Boxes);
        })];
    }

    private List<PagePicture> Augmented(bool stage2, long first, int count)
    {
        var pipeline = new AugmentationPipeline(AugmentationSteps.Of(data.Config, stage2), set, data.Config.Train.Seed, first);
        // Not from the very beginning: a mosaic needs pictures that went before.
        var (skipped, shown) = (plan.Images / 4, Math.Min(count, plan.Images));
        return [.. Enumerable.Range(0, shown).Select(i =>
        {
            var sample = pipeline.At(first + skipped + ((plan.Images - skipped) * (long)i / shown));
            return PagePicture.Of(sample.Picture.Render(), TrainingSide, [.. sample.Objects.Take(MostBoxes).Select(item => new PageBox(item.Box, item.Label))]);
        })];
    }

    private List<(CocoImage Image, PagePicture Picture)> Validated()
    {
        var split = data.Validation;
        var objects = split.Objects.Where(item => !item.IsCrowd).ToLookup(item => item.ImageIndex);
        var (size, candidates) = (data.Config.Train.ImageSize, Enumerable.Range(0, split.Images.Count).Where(objects.Contains).ToArray());
        if (candidates.Length == 0)
            candidates = [.. Enumerable.Range(0, split.Images.Count)];
        var count = Math.Min(MostValidation, candidates.Length);
        _chosen = [.. Enumerable.Range(0, count).Select(i => candidates[(int)((long)candidates.Length * i / count)])];
        return [.. _chosen.Select(index =>
        {
            var image = split.Images[index];
            var fit = InputFit.Of(image.Width, image.Height, size, size, data.Config.Train.ResizeMode);
            var truth = objects[index].Take(MostBoxes).Select(item => new PageBox(Scaled(item.X, item.Y, item.Width, item.Height, image, fit.Width, fit.Height), item.ClassIndex)).ToList();
            return (image, PagePicture.Of(PagePicture.Crop(validator.ImageAt(index), fit.Width, fit.Height), ValidationSide, truth));
        })];
    }

    private static Box Scaled(double x, double y, double width, double height, CocoImage image, int pictureWidth, int pictureHeight)
    {
        var (scaleX, scaleY) = ((double)pictureWidth / image.Width, (double)pictureHeight / image.Height);
        return new Box((float)(x * scaleX), (float)(y * scaleY), (float)((x + width) * scaleX), (float)((y + height) * scaleY));
    }
}
