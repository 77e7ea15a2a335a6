using Sscma.Onnx;

namespace Sscma.Quantization.Tests;

/// <summary>Builds small ONNX graphs: weights are drawn from a seed, every node's result is named after it.</summary>
internal sealed class Graphs
{
    private readonly Random _random;
    private readonly OnnxModel _model;

    public Graphs(int channels, int height, int width, int seed = 1, int batch = 1, long irVersion = 8, long opset = 17)
    {
        _random = new Random(seed);
        _model = new OnnxModel { GraphName = "small", IrVersion = irVersion, Opset = opset };
        _model.Inputs.Add(new OnnxValueInfo("images", OnnxType.Float, [batch, channels, height, width]));
    }

    public Random Random => _random;

    public OnnxModel Model(params string[] outputs)
    {
        foreach (var output in outputs)
            _model.Outputs.Add(new OnnxValueInfo(output, OnnxType.Float, null));
        return _model;
    }

    public string Node(string op, string name, string[] inputs, params (string Name, object Value)[] attributes)
    {
        _model.Nodes.Add(OnnxNode.Of(op, $"node_{name}", inputs, name, attributes));
        return name;
    }

    public string Constant(string name, float[] values, params long[] shape)
    {
        _model.Initializers.Add(OnnxTensor.From(name, values, shape));
        return name;
    }

    public string Constant(string name, params long[] values)
    {
        _model.Initializers.Add(OnnxTensor.From(name, values, values.Length));
        return name;
    }

    public string Constant(string name, OnnxTensor tensor)
    {
        _model.Initializers.Add(tensor with { Name = name });
        return name;
    }

    public float[] Draw(int count, float low, float high)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = low + ((high - low) * _random.NextSingle());
        return values;
    }

    /// <summary>A convolution with drawn weights and bias.</summary>
    public string Conv(string name, string input, int from, int to, int kernel = 1, int stride = 1, int pad = 0, int groups = 1, int dilation = 1, float[]? weights = null, float[]? bias = null)
    {
        weights ??= Draw(to * (from / groups) * kernel * kernel, -1, 1);
        bias ??= Draw(to, -0.5f, 0.5f);
        Constant($"{name}.weight", weights, to, from / groups, kernel, kernel);
        Constant($"{name}.bias", bias, to);
        return Node("Conv", name, [input, $"{name}.weight", $"{name}.bias"],
            ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }),
            ("group", (long)groups), ("dilations", new long[] { dilation, dilation }));
    }

    /// <summary>A drawn picture: every value is a whole number of 1/255.</summary>
    public static float[] Picture(int seed, int channels, int height, int width)
    {
        var random = new Random(seed);
        var picture = new float[channels * height * width];
        for (var i = 0; i < picture.Length; i++)
            picture[i] = random.Next(256) / 255f;
        return picture;
    }

    public static float[][] Pictures(int count, int channels, int height, int width) =>
        [.. Enumerable.Range(100, count).Select(seed => Picture(seed, channels, height, width))];
}
