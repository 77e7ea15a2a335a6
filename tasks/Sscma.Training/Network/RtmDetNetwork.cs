using Sscma.Training.Configuration;

namespace Sscma.Training.Network;

/// <summary>
/// RTMDet as a plan: which operations in which order, under which names; it holds no numbers.
/// Source: SSCMA ModelAssistant, state of December 2024 (CSPNeXt or MobileNetV4, CSPNeXt-PAFPN, separate-norm head).
/// </summary>
public sealed class RtmDetNetwork
{
    /// <summary>Makes the plan of a configuration.</summary>
    public RtmDetNetwork(ModelConfig config)
    {
        Config = config;
        Backbone = config.Backbone == "mobilenetv4_conv_small" ? new MobileNetV4() : new CspNext(config);
        Neck = new Neck(config, Backbone.Channels);
        Head = new Head(config);
        Units = [.. Backbone.Units, .. Neck.Units, .. Head.Units];
    }

    // ImageNet's red, green and blue, of pixels in 0..1.
    private static readonly float[] Means = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Deviations = [0.229f, 0.224f, 0.225f];

    /// <summary>Pixels of the input per cell, for each level.</summary>
    public static IReadOnlyList<int> Strides { get; } = [8, 16, 32];

    /// <summary>The configuration that it follows.</summary>
    public ModelConfig Config { get; }

    /// <summary>Image to features.</summary>
    public IBackbone Backbone { get; }

    /// <summary>Features of three sizes, mixed.</summary>
    public Neck Neck { get; }

    /// <summary>Mixed features to logits and distances.</summary>
    public Head Head { get; }

    /// <summary>All convolutions, in the order of the reference's state dict.</summary>
    public IReadOnlyList<ConvUnit> Units { get; }

    /// <summary>Images (N, 3, H, W) → logits (N, C, H/s, W/s) and distances (N, 4, H/s, W/s) of strides 8, 16, 32.</summary>
    public (T[] Classes, T[] Distances) Forward<T>(IOps<T> ops, T images) =>
        Head.Forward(ops, Neck.Forward(ops, Backbone.Forward(ops, Config.Input == "imagenet" ? ops.Standardize(images, Means, Deviations) : images)));
}
