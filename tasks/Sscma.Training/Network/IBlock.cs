namespace Sscma.Training.Network;

/// <summary>A part of the network with one input and one output.</summary>
internal interface IBlock
{
    /// <summary>Its convolutions, in the order of the reference's state dict.</summary>
    IEnumerable<ConvUnit> Units { get; }

    /// <summary>Applies the block.</summary>
    T Forward<T>(IOps<T> ops, T x);
}
