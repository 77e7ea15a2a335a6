namespace Sscma.Training.Network;

/// <summary>What an entry of the state dict is.</summary>
public enum StateKind
{
    /// <summary>A convolution's weight: trained, with weight decay.</summary>
    Weight,

    /// <summary>A bias or a norm's scale or shift: trained, without weight decay.</summary>
    Undecayed,

    /// <summary>A norm's running mean or variance.</summary>
    Statistic,

    /// <summary>How many batches a norm has seen (int64).</summary>
    Counter,
}

/// <summary>One named tensor of the network's state.</summary>
/// <param name="Name">The reference's name.</param>
/// <param name="Shape">Its shape; empty for a scalar.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Unit">The convolution that it belongs to.</param>
/// <param name="AliasOf">The entry whose tensor this name means as well; null for an entry of its own.</param>
public sealed record StateEntry(string Name, long[] Shape, StateKind Kind, ConvUnit Unit, string? AliasOf = null)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>The entries of some convolutions, in the order of the reference's state dict.</summary>
    public static IEnumerable<StateEntry> Of(IEnumerable<ConvUnit> units)
    {
        foreach (var unit in units)
        {
            var shared = unit.SharesWeightOf is null ? null : (unit with { Name = unit.SharesWeightOf }).WeightName;
            long[] channels = [unit.Out];
            yield return new(unit.WeightName, unit.WeightShape, StateKind.Weight, unit, shared);
            if (!unit.HasNorm)
            {
                yield return new(unit.BiasName, channels, StateKind.Undecayed, unit);
                continue;
            }

            yield return new(unit.NormName("weight"), channels, StateKind.Undecayed, unit);
            yield return new(unit.NormName("bias"), channels, StateKind.Undecayed, unit);
            yield return new(unit.NormName("running_mean"), channels, StateKind.Statistic, unit);
            yield return new(unit.NormName("running_var"), channels, StateKind.Statistic, unit);
            yield return new(unit.NormName("num_batches_tracked"), [], StateKind.Counter, unit);
        }
    }
}
