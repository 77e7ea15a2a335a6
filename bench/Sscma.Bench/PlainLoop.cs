using Sscma.Training.Assignment;
using Sscma.Training.Configuration;
using Sscma.Training.Losses;
using Sscma.Training.Network;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Sscma.Bench;

/// <summary>
/// The training step as one would write it first with TorchSharp: contiguous tensors, libtorch's norm, its AdamW over a list of parameters, a moving
/// average tensor by tensor. What ours is compared with; it shares the network's plan and the loss with ours, and starts from the same weights.
/// </summary>
internal sealed class PlainLoop : IOps<Tensor>, IDisposable
{
    private const double AverageShare = 0.0002;

    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly List<Parameter> _trained = [];
    private readonly List<Tensor> _averages = [];
    private readonly RtmDetNetwork _network;
    private readonly RtmDetLoss _loss;
    private readonly optim.Optimizer _optimizer;

    /// <summary>A network with the weights that <see cref="RtmDet.Create(DetectorConfig, int, long, Device?, ScalarType?)"/> draws.</summary>
    public PlainLoop(DetectorConfig config, int classes)
    {
        using var model = RtmDet.Create(config, classes, seed: 0);
        _network = model.Network;
        _loss = new RtmDetLoss(config);
        foreach (var entry in model.Parameters.Entries.Where(entry => entry.Kind != StateKind.Counter))
        {
            var tensor = model.Parameters[entry.Name].detach().contiguous().clone();
            if (entry.Kind == StateKind.Statistic)
            {
                _tensors[entry.Name] = tensor;
                continue;
            }

            // A parameter takes the tensor over.
            var parameter = new Parameter(tensor);
            _tensors[entry.Name] = parameter;
            _trained.Add(parameter);
        }

        _averages.AddRange(_trained.Select(tensor => tensor.detach().clone()));
        _optimizer = optim.AdamW(_trained, config.Optim.Lr, weight_decay: config.Optim.WeightDecay);
    }

    /// <summary>Forward, loss, backward, AdamW, average.</summary>
    public void Step(Tensor images, IReadOnlyList<GroundTruth> truths)
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        var (classes, distances) = _network.Forward(this, images);
        _loss.Compute(new HeadOutputs(classes, distances), truths).Total.backward();
        _optimizer.step();
        using var guard = no_grad();
        for (var i = 0; i < _trained.Count; i++)
            _averages[i].mul_(1 - AverageShare).add_(_trained[i], AverageShare);
    }

    /// <inheritdoc/>
    public Tensor Conv(Tensor x, ConvUnit unit)
    {
        var y = F.conv2d(
            x, _tensors[unit.WeightName], unit.HasNorm ? null : _tensors[unit.BiasName], [unit.Stride, unit.Stride], [unit.Padding, unit.Padding], [1, 1], unit.Groups);
        if (!unit.HasNorm)
            return y;
        return F.batch_norm(
            y, _tensors[unit.NormName("running_mean")], _tensors[unit.NormName("running_var")], _tensors[unit.NormName("weight")], _tensors[unit.NormName("bias")], training: true, 0.1, 1e-5).relu();
    }

    /// <inheritdoc/>
    public Tensor Standardize(Tensor x, float[] means, float[] deviations) =>
        (x - tensor(means).view(1, -1, 1, 1)) / tensor(deviations).view(1, -1, 1, 1);

    /// <inheritdoc/>
    public Tensor Add(Tensor a, Tensor b) => a + b;

    /// <inheritdoc/>
    public Tensor Scale(Tensor x, Tensor weights) => x * weights;

    /// <inheritdoc/>
    public Tensor Concat(params IReadOnlyList<Tensor> parts) => cat([.. parts], 1);

    /// <inheritdoc/>
    public Tensor MaxPool(Tensor x, int kernel) => F.max_pool2d(x, kernel, 1, kernel / 2);

    /// <inheritdoc/>
    public Tensor Upsample(Tensor x) => F.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Nearest);

    /// <inheritdoc/>
    public Tensor GlobalAveragePool(Tensor x) => F.adaptive_avg_pool2d(x, 1);

    /// <inheritdoc/>
    public Tensor HardSigmoid(Tensor x) => F.hardsigmoid(x);

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        foreach (var tensor in _tensors.Values.Concat(_averages))
            tensor.Dispose();
    }
}
