using Sscma.Training.Configuration;

namespace Sscma.Training.Network;

/// <summary>
/// The head: on each level two convolutions towards the classes and two towards the distances, with norms of their own even
/// where the convolutions are shared. The outputs are raw: logits, and distances in strides that may be negative.
/// </summary>
public sealed class Head
{
    private const int Levels = 3;
    private const int Depth = 2;

    // The prior that a cell shows an object: 1 %.
    private static readonly double ClassBias = -Math.Log((1 - 0.01) / 0.01);

    private readonly ConvUnit[][] _classConvs;
    private readonly ConvUnit[][] _boxConvs;
    private readonly ConvUnit[] _classes;
    private readonly ConvUnit[] _boxes;

    internal Head(ModelConfig config)
    {
        var widths = new Widths(config);
        var channels = widths.Channels(256);
        ConvUnit[][] Stack(string name) => [.. Enumerable.Range(0, Levels).Select(level => Enumerable.Range(0, Depth).Select(i =>
            new ConvUnit($"bbox_head.head_module.{name}.{level}.{i}", channels, channels, 3)
            {
                InitialDeviation = 0.01,
                Activation = widths.Activation,
                SharesWeightOf = config.ShareHeadConvs && level > 0 ? $"bbox_head.head_module.{name}.0.{i}" : null,
            }).ToArray())];
        ConvUnit[] Last(string name, int outputs, double bias) => [.. Enumerable.Range(0, Levels).Select(level =>
            new ConvUnit($"bbox_head.head_module.{name}.{level}", channels, outputs, 1) { HasNorm = false, InitialDeviation = 0.01, InitialBias = bias })];

        _classConvs = Stack("cls_convs");
        _boxConvs = Stack("reg_convs");
        _classes = Last("rtm_cls", config.NumClasses, ClassBias);
        _boxes = Last("rtm_reg", 4, 0);
    }

    /// <summary>Its convolutions, in the order of the reference's state dict.</summary>
    public IEnumerable<ConvUnit> Units => [.. _classConvs.SelectMany(level => level), .. _boxConvs.SelectMany(level => level), .. _classes, .. _boxes];

    /// <summary>Three maps (N, 256w, H/s, W/s) → logits (N, C, H/s, W/s) and distances (N, 4, H/s, W/s) of strides 8, 16, 32.</summary>
    public (T[] Classes, T[] Distances) Forward<T>(IOps<T> ops, T[] maps)
    {
        var classes = new T[Levels];
        var distances = new T[Levels];
        for (var level = 0; level < Levels; level++)
        {
            classes[level] = ops.Conv(Run(ops, maps[level], _classConvs[level]), _classes[level]);
            distances[level] = ops.Conv(Run(ops, maps[level], _boxConvs[level]), _boxes[level]);
        }

        return (classes, distances);
    }

    private static T Run<T>(IOps<T> ops, T x, ConvUnit[] units) => units.Aggregate(x, ops.Conv);
}
