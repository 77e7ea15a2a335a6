namespace Sscma.Coco.Evaluation;

/// <summary>Sorts annotations and detections into groups by category and image, once.</summary>
internal sealed class Grouping
{
    private readonly Dictionary<(long Image, long Category), List<CocoAnnotation>> _objects = [];
    private readonly Dictionary<(long Image, long Category), List<(long Id, CocoDetection Value)>> _detections = [];
    private readonly Dictionary<long, SortedSet<int>> _imagesOfCategory = [];
    private readonly long[] _categoryIds;
    private readonly bool _useCategories;
    private readonly int _maxDetections;

    /// <summary>Groups the input as the parameters want.</summary>
    public Grouping(EvaluationInput input, EvaluationParameters parameters)
    {
        ImageIds = [.. (parameters.ImageIds ?? input.ImageIds).Distinct().Order()];
        _useCategories = parameters.UseCategories;
        _maxDetections = parameters.MaxDetections.Max();

        // Without categories the reference walks the given ones in the given order, repeated ones repeatedly.
        var given = parameters.CategoryIds ?? [.. input.CategoryIds.Order()];
        _categoryIds = _useCategories ? [.. given.Distinct().Order()] : [.. given];
        CategoryIds = _useCategories ? _categoryIds : [-1];

        var imageIndex = new Dictionary<long, int>();
        foreach (var id in ImageIds)
            imageIndex.Add(id, imageIndex.Count);
        AddObjects(input.Annotations, imageIndex);
        for (var i = 0; i < input.Detections.Count; i++)
            Add(_detections, input.Detections[i].ImageId, input.Detections[i].CategoryId, (i + 1L, input.Detections[i]), imageIndex);
    }

    /// <summary>The images, ascending.</summary>
    public long[] ImageIds { get; }

    /// <summary>Axis K: the categories, ascending, or -1 alone.</summary>
    public IReadOnlyList<long> CategoryIds { get; }

    /// <summary>The groups of a category that are not empty, by ascending image.</summary>
    public List<ImageGroup> GroupsOf(long categoryId)
    {
        long[] members = _useCategories ? [categoryId] : _categoryIds;
        var images = new SortedSet<int>();
        foreach (var member in members)
            images.UnionWith(_imagesOfCategory.GetValueOrDefault(member, []));
        return [.. images.Select(image => Group(ImageIds[image], members))];
    }

    private ImageGroup Group(long imageId, long[] members)
    {
        var objects = new List<CocoAnnotation>();
        var detections = new List<(long, CocoDetection)>();
        foreach (var member in members)
        {
            objects.AddRange(_objects.GetValueOrDefault((imageId, member), []));
            detections.AddRange(_detections.GetValueOrDefault((imageId, member), []));
        }

        return new ImageGroup(imageId, objects, detections, _maxDetections);
    }

    /// <summary>
    /// The reference looks objects up by id: entries that share one all become the last of them, which then counts where that one
    /// belongs, in the order of the entries' images.
    /// </summary>
    private void AddObjects(IReadOnlyList<CocoAnnotation> annotations, Dictionary<long, int> imageIndex)
    {
        var byId = new Dictionary<long, CocoAnnotation>();
        foreach (var annotation in annotations)
            byId[annotation.Id] = annotation;

        var inOrder = annotations.Where(entry => IsListed(entry, imageIndex));
        if (byId.Count < annotations.Count)
            inOrder = inOrder.OrderBy(entry => imageIndex[entry.ImageId]);
        foreach (var entry in inOrder)
        {
            var meant = byId[entry.Id];
            Add(_objects, meant.ImageId, meant.CategoryId, meant, imageIndex);
        }
    }

    private bool IsListed(CocoAnnotation entry, Dictionary<long, int> imageIndex) =>
        imageIndex.ContainsKey(entry.ImageId) && (!_useCategories || Array.BinarySearch(_categoryIds, entry.CategoryId) >= 0);

    private void Add<T>(Dictionary<(long, long), List<T>> groups, long imageId, long categoryId, T item, Dictionary<long, int> imageIndex)
    {
        if (!imageIndex.TryGetValue(imageId, out var image))
            return;
        if (!groups.TryGetValue((imageId, categoryId), out var group))
        {
            groups.Add((imageId, categoryId), group = []);
            if (!_imagesOfCategory.TryGetValue(categoryId, out var images))
                _imagesOfCategory.Add(categoryId, images = []);
            images.Add(image);
        }

        group.Add(item);
    }
}
