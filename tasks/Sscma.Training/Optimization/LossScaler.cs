using Sscma.Tensors;
using Sscma.Training.Network;
using static TorchSharp.torch;

namespace Sscma.Training.Optimization;

/// <summary>
/// Keeps the gradients of float16 from vanishing: the loss is multiplied by a factor that is as large as it can be. Where gradients overflow, the step is left out and
/// the factor halved; after 2000 steps without that it is doubled. Source: PyTorch's GradScaler and its defaults, which the reference uses.
/// </summary>
internal sealed class LossScaler
{
    private const double Greatest = 1L << 40;
    private const int StepsToGrowth = 2000;

    private long _goodSteps;

    /// <summary>What the loss is to be multiplied by.</summary>
    public double Factor { get; private set; } = 65536;

    /// <summary>Takes the factor out of gradients and adapts it.</summary>
    /// <returns>Whether they are finite; if not, they are all 0 now and there is no step to make.</returns>
    public bool Unscale(Tensor gradients)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        if (gradients.isfinite().all().Number() == 0)
        {
            gradients.zero_();
            (Factor, _goodSteps) = (Math.Max(Factor / 2, 1), 0);
            return false;
        }

        gradients.MultiplyBy(1 / Factor);
        if (++_goodSteps % StepsToGrowth == 0)
            Factor = Math.Min(Factor * 2, Greatest);
        return true;
    }

    /// <summary>The state that a training needs to go on as if it had never stopped.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Export() => new Dictionary<string, StoredTensor> { ["loss_scaler"] = StoredTensor.From([(long)Factor, _goodSteps], 2) };

    /// <summary>Takes over an exported state.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public void Import(IReadOnlyDictionary<string, StoredTensor> state)
    {
        var stored = FlatState.Find(state, "loss_scaler", "I64", 2).As<long>();
        (Factor, _goodSteps) = (stored[0], stored[1]);
    }
}
