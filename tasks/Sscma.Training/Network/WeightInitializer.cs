using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>
/// First weights: convolutions uniform(±1/√fan-in), those of the head normal(0, 0.01), biases 0 (classes −ln 99), norms the identity.
/// Each tensor has a generator of its own, seeded with the seed and its name: neither the order nor the number of the others matters.
/// </summary>
internal static class WeightInitializer
{
    /// <summary>Fills every tensor and sets every counter to 0.</summary>
    public static void Fill(ParameterStore parameters, long seed)
    {
        using var guard = no_grad();
        foreach (var entry in parameters.Entries.Where(entry => entry.AliasOf is null && entry.Kind != StateKind.Counter))
        {
            using var scope = NewDisposeScope();
            parameters[entry.Name].detach().copy_(tensor(Draw(entry, seed), entry.Shape));
        }

        parameters.Batches.Clear();
    }

    private static float[] Draw(StateEntry entry, long seed)
    {
        var unit = entry.Unit;
        var values = new float[entry.Count];
        if (entry.Kind == StateKind.Weight)
        {
            var random = new NamedRandom(seed, entry.Name);
            var bound = 1 / Math.Sqrt(unit.FanIn);
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)(unit.InitialDeviation is { } deviation ? deviation * random.NextNormal() : bound * ((2 * random.NextUniform()) - 1));
        }
        else
        {
            Array.Fill(values, Constant(entry));
        }

        return values;
    }

    private static float Constant(StateEntry entry)
    {
        if (!entry.Unit.HasNorm)
            return (float)entry.Unit.InitialBias;
        return entry.Name == entry.Unit.NormName("weight") || entry.Name == entry.Unit.NormName("running_var") ? 1 : 0;
    }
}
