namespace Sscma.Training.Network;

/// <summary>Turns an image into features of three sizes.</summary>
public interface IBackbone
{
    /// <summary>Channels of the features of strides 8, 16 and 32.</summary>
    IReadOnlyList<int> Channels { get; }

    /// <summary>Its convolutions, in the order of the reference's state dict.</summary>
    IEnumerable<ConvUnit> Units { get; }

    /// <summary>(N, 3, H, W) → features (N, Channels[i], H/s, W/s) of strides 8, 16 and 32.</summary>
    T[] Forward<T>(IOps<T> ops, T images);
}
