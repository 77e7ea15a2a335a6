namespace Sscma.Training.Network;

/// <summary>Cross-stage partial layer: half of the channels go through the blocks, the other half past them.</summary>
internal sealed class CspLayer : IBlock
{
    private readonly ConvUnit _main;
    private readonly ConvUnit _short;
    private readonly ConvUnit _final;
    private readonly CspNextBlock[] _blocks;
    private readonly ChannelAttention? _attention;

    /// <summary>A layer from <paramref name="input"/> to <paramref name="output"/> channels; <paramref name="blocks"/> may be 0.</summary>
    public CspLayer(string name, int input, int output, int blocks, bool addsInput, bool attention, Activation activation)
    {
        var middle = output / 2;
        _main = new ConvUnit($"{name}.main_conv", input, middle, 1) { Activation = activation };
        _short = new ConvUnit($"{name}.short_conv", input, middle, 1) { Activation = activation };
        _final = new ConvUnit($"{name}.final_conv", 2 * middle, output, 1) { Activation = activation };
        _blocks = [.. Enumerable.Range(0, blocks).Select(i => new CspNextBlock($"{name}.blocks.{i}", middle, addsInput, activation))];
        _attention = attention ? new ChannelAttention($"{name}.attention", 2 * middle) : null;
    }

    /// <inheritdoc/>
    public IEnumerable<ConvUnit> Units => [_main, _short, _final, .. _blocks.SelectMany(block => block.Units), .. _attention?.Units ?? []];

    /// <inheritdoc/>
    public T Forward<T>(IOps<T> ops, T x)
    {
        var aside = ops.Conv(x, _short); // (N, middle, H, W)
        var main = ops.Conv(x, _main);
        foreach (var block in _blocks)
            main = block.Forward(ops, main);
        var both = ops.Concat(main, aside); // (N, 2·middle, H, W)
        return ops.Conv(_attention is null ? both : _attention.Forward(ops, both), _final);
    }
}
