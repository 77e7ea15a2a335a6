namespace Sscma.Training.Augmentation;

/// <summary>Images and their order: where a pipeline begins.</summary>
public interface ISampleSource
{
    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>Which image stands at a position of the training order, counted on from epoch to epoch.</summary>
    int IndexAt(long position);

    /// <summary>An image with its objects. Called from several threads.</summary>
    Sample Load(int index);
}
