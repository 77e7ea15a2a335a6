namespace Sscma.Coco.Evaluation;

/// <summary>The objects and the detections of one image and category, and their overlaps.</summary>
internal sealed class ImageGroup
{
    /// <summary>Makes a group.</summary>
    /// <param name="imageId">Id of the image.</param>
    /// <param name="objects">The objects in order.</param>
    /// <param name="detections">The detections in order, with their ids.</param>
    /// <param name="maxDetections">Only so many of the best count.</param>
    public ImageGroup(long imageId, List<CocoAnnotation> objects, List<(long Id, CocoDetection Value)> detections, int maxDetections)
    {
        ImageId = imageId;
        Objects = [.. objects];

        // OrderBy is stable: equal scores keep the order of the input.
        Detections = [.. detections.OrderByDescending(detection => detection.Value.Score).Take(maxDetections)];
        Overlaps = new double[Detections.Length * Objects.Length];
        for (var d = 0; d < Detections.Length; d++)
        {
            for (var g = 0; g < Objects.Length; g++)
                Overlaps[(d * Objects.Length) + g] = Overlap(Detections[d].Value, Objects[g]);
        }
    }

    /// <summary>Id of the image.</summary>
    public long ImageId { get; }

    /// <summary>(G).</summary>
    public CocoAnnotation[] Objects { get; }

    /// <summary>(D), best score first.</summary>
    public (long Id, CocoDetection Value)[] Detections { get; }

    /// <summary>(D, G).</summary>
    public double[] Overlaps { get; }

    /// <summary>
    /// Intersection over union; over the detection's own area when the object is a crowd. The order of the operations is the
    /// reference's, for the last bit decides at an edge.
    /// </summary>
    private static double Overlap(CocoDetection detection, CocoAnnotation item)
    {
        var width = Math.Min(detection.X + detection.Width, item.X + item.Width) - Math.Max(detection.X, item.X);
        if (width <= 0)
            return 0;
        var height = Math.Min(detection.Y + detection.Height, item.Y + item.Height) - Math.Max(detection.Y, item.Y);
        if (height <= 0)
            return 0;
        var intersection = width * height;
        var area = detection.Width * detection.Height;
        var union = item.IsCrowd ? area : area + (item.Width * item.Height) - intersection;
        return intersection / union;
    }
}
