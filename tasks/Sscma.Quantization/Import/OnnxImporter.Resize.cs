using Sscma.Onnx;
using Sscma.Quantization.Graph;

namespace Sscma.Quantization.Import;

/// <content>Enlargement and reduction.</content>
internal sealed partial class OnnxImporter
{
    private static readonly (bool Align, bool Half)[] ResizeWays = [(false, false), (false, true), (true, false)];

    /// <summary>
    /// ONNX has many ways to say where a pixel comes from, TFLite three. The way whose sources are the same for every row and
    /// column is taken, whatever its name; where none is, the node is refused.
    /// </summary>
    private string? Resize(OnnxNode node)
    {
        if (Image(node, 0, out var problem) is not { } input)
            return problem;
        var mode = node.Text("mode", "nearest");
        if (mode is not ("nearest" or "linear"))
            return $"the mode '{mode}' has no equal in TFLite";
        if (node.Int("antialias", 0) != 0)
            return "antialias has no equal in TFLite";
        var upsample = node.Op == "Upsample";
        var place = upsample ? "asymmetric" : node.Text("coordinate_transformation_mode", "half_pixel");
        var round = upsample ? "floor" : node.Text("nearest_mode", "round_prefer_floor");
        if (Factors(node, input) is not [1, 1, var vertical, var horizontal] || !(vertical is > 0 and < 4096) || !(horizontal is > 0 and < 4096))
            return "its factors for height and width are no constants, or it changes batch or channels";
        var output = Result(node, (long)Math.Floor(input.Height * vertical), (long)Math.Floor(input.Width * horizontal), input.Channels);
        (int From, int To, float Factor)[] axes = [(input.Height, output.Height, (float)vertical), (input.Width, output.Width, (float)horizontal)];
        foreach (var (align, half) in ResizeWays)
        {
            if (axes.All(axis => mode == "linear"
                ? SameLinear(place, axis.From, axis.To, axis.Factor, align, half)
                : SameNearest(place, round, axis.From, axis.To, axis.Factor, align, half)))
                return Append(node, new ResizeLayer(NameOf(node), input, output, new ResizeKind(mode == "linear", align, half)));
        }

        return $"coordinates '{place}'{(mode == "nearest" ? $" with rounding '{round}'" : "")} from {input.Height}x{input.Width} to {output.Height}x{output.Width} are not what TFLite computes";
    }

    private static bool SameNearest(string place, string round, int from, int to, float factor, bool align, bool half)
    {
        var step = align && to > 1 ? (from - 1) / (float)(to - 1) : from / (float)to;
        for (var i = 0; i < to; i++)
        {
            if (Source(place, i, from, to, factor) is not { } source)
                return false;
            var nearest = round switch
            {
                "round_prefer_floor" => source == Math.Floor(source) + 0.5f ? MathF.Floor(source) : MathF.Round(source, MidpointRounding.AwayFromZero),
                "round_prefer_ceil" => MathF.Floor(source + 0.5f),
                "floor" => MathF.Floor(source),
                "ceil" => MathF.Ceiling(source),
                _ => float.NaN,
            };
            var position = (i + (half ? 0.5f : 0)) * step;
            var ours = align ? MathF.Round(position, MidpointRounding.AwayFromZero) : MathF.Floor(position);
            if (float.IsNaN(nearest) || Math.Clamp(nearest, 0, from - 1) != Math.Clamp(ours, 0, from - 1))
                return false;
        }

        return true;
    }

    private static bool SameLinear(string place, int from, int to, float factor, bool align, bool half)
    {
        var step = align && to > 1 ? (from - 1) / (float)(to - 1) : from / (float)to;
        for (var i = 0; i < to; i++)
        {
            if (Source(place, i, from, to, factor) is not { } source)
                return false;
            var ours = half ? ((i + 0.5f) * step) - 0.5f : i * step;
            if (Math.Abs(Math.Clamp(source, 0, from - 1) - Math.Clamp(ours, 0, from - 1)) > 1e-4f * from)
                return false;
        }

        return true;
    }

    /// <summary>The coordinate in the source, as ONNX computes it; null where the mode is not known.</summary>
    private static float? Source(string place, int i, int from, int to, float factor) => place switch
    {
        "asymmetric" => i / factor,
        "half_pixel" => ((i + 0.5f) / factor) - 0.5f,
        "pytorch_half_pixel" => to > 1 ? ((i + 0.5f) / factor) - 0.5f : 0,
        "align_corners" => to > 1 ? i * (float)(from - 1) / (to - 1) : 0,
        _ => null,
    };

    /// <summary>Factors of (N, C, H, W): operand or attribute "scales", else from the wanted sizes; null where they are computed.</summary>
    private double[]? Factors(OnnxNode node, Value input)
    {
        if (node.Op == "Upsample")
        {
            var scales = _constants.Floats(node, 1) ?? node.Attributes.Select(attribute => attribute.Value).OfType<float[]>().FirstOrDefault();
            return scales is null ? null : Array.ConvertAll(scales, scale => (double)scale);
        }

        // Operator set 10 has the factors in the place of the region.
        if (_constants.Floats(node, node.Inputs.Count == 2 ? 1 : 2) is { Length: 4 } factors)
            return Array.ConvertAll(factors, factor => (double)factor);
        return _constants.Longs(node, 3) is [1, var channels, > 0 and < 32768 and var height, > 0 and < 32768 and var width] && channels == input.Channels
            ? [1, 1, (double)height / input.Height, (double)width / input.Width]
            : null;
    }
}
