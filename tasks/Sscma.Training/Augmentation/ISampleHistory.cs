namespace Sscma.Training.Augmentation;

/// <summary>
/// What Mosaic and MixUp draw their partners from: samples of earlier positions of the training order, at the same step.
/// Positions, not the moments at which threads finish, so that partners do not depend on the number of threads.
/// </summary>
public interface ISampleHistory
{
    /// <summary>Samples that are kept; the last one is the sample that is being made.</summary>
    int Count { get; }

    /// <summary>One of the kept samples.</summary>
    Sample this[int index] { get; }
}
