using System.Numerics;
using Sscma.Onnx;
using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Import;

/// <content>Nearest-neighbour enlargement.</content>
internal sealed partial class OnnxImporter
{
    /// <summary>
    /// TFLite takes source floor(i · in/out). ONNX has many ways to say so; for a whole factor f these equal floor(i / f):
    /// asymmetric with floor, and half_pixel with either round_prefer ((i + 0.5)/f - 0.5 lies within half a pixel of floor(i/f), never on a tie).
    /// The factor must be a power of two, for TFLite computes in/out in float32.
    /// </summary>
    private string? Resize(OnnxNode node)
    {
        if (Image(node, 0, out var problem) is not { } input)
            return problem;
        if (node.Text("mode", "nearest") != "nearest")
            return "only nearest-neighbour resizing is known";
        if (node.Op == "Resize")
        {
            var place = node.Text("coordinate_transformation_mode", "half_pixel");
            var round = node.Text("nearest_mode", "round_prefer_floor");
            var exact = (place, round) is ("asymmetric", "floor") or ("half_pixel" or "pytorch_half_pixel", "round_prefer_floor" or "round_prefer_ceil");
            if (!exact)
                return $"coordinates '{place}' with rounding '{round}' are not what TFLite computes";
        }

        if (Factors(node, input) is not [1, 1, var vertical, var horizontal] || !IsPowerOfTwo(vertical) || !IsPowerOfTwo(horizontal))
            return "its factors are no constant powers of two for height and width";
        var output = Result(node, (int)(input.Height * vertical), (int)(input.Width * horizontal), input.Channels);
        return Append(node, new ResizeLayer(NameOf(node), input, output));

        static bool IsPowerOfTwo(double factor) => factor is >= 1 and <= 64 && factor == Math.Floor(factor) && BitOperations.IsPow2((int)factor);
    }

    /// <summary>Factors of (N, C, H, W): operand or attribute "scales", else from the wanted sizes; null where they are computed.</summary>
    private double[]? Factors(OnnxNode node, Value input)
    {
        if (node.Op == "Upsample")
        {
            var scales = _constants.Floats(node, 1) ?? node.Attributes.Select(attribute => attribute.Value).OfType<float[]>().FirstOrDefault();
            return scales is null ? null : Array.ConvertAll(scales, scale => (double)scale);
        }

        if (_constants.Floats(node, 2) is { Length: 4 } factors)
            return Array.ConvertAll(factors, factor => (double)factor);
        return _constants.Longs(node, 3) is [1, var channels, var height, var width] && channels == input.Channels
            ? [1, 1, (double)height / input.Height, (double)width / input.Width]
            : null;
    }
}
