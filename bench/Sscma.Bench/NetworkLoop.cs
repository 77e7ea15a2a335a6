using Sscma.Training.Configuration;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Bench;

/// <summary>
/// What of a training step is the network's own: forward and backward of all outputs' sums, each thread its part of the batch as in
/// <see cref="Sscma.Training.Optimization.BatchGradients"/>. No assignment, no loss, no optimiser, no average.
/// </summary>
internal sealed class NetworkLoop(DetectorConfig config, int classes) : IDisposable
{
    private readonly RtmDet[] _parts = [.. Enumerable.Range(0, config.Train.Threads).Select(_ => RtmDet.Create(config, classes, seed: 0))];
    private bool _warm;

    /// <summary>Forward and backward of a batch (N, 3, H, W).</summary>
    public void Step(Tensor images)
    {
        set_num_threads(1);
        // libtorch makes its kernels the first time, which is not safe on two threads.
        if (_warm)
            Parallel.ForEach(Enumerable.Range(0, _parts.Length), new ParallelOptions { MaxDegreeOfParallelism = _parts.Length }, part => Step(images, part));
        else
            Array.ForEach([.. Enumerable.Range(0, _parts.Length)], part => Step(images, part));
        _warm = true;
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_parts, part => part.Dispose());

    private void Step(Tensor images, int part)
    {
        using var scope = NewDisposeScope();
        var count = images.shape[0] / _parts.Length;
        var outputs = _parts[part].Forward(images.narrow(0, part * count, count), training: true);
        Tensor[] maps = [.. outputs.Classes, .. outputs.Distances];
        autograd.backward(maps, [.. maps.Select(map => ones_like(map))]);
        _parts[part].Parameters.ClearGradients();
    }
}
