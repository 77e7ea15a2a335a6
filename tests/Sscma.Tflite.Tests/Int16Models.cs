using System.Runtime.InteropServices;

namespace Sscma.Tflite.Tests;

/// <summary>Small models of one operator on int16 codes, several of each, with random numbers: the same in every run.</summary>
internal sealed class Int16Models
{
    private readonly int _seed;
    private readonly List<(string Name, TfliteModel Model, byte[][] Inputs)> _cases = [];
    private Random _random;

    private Int16Models(int seed)
    {
        (_seed, _random) = (seed, new Random(seed));
        Convolutions();
        Arithmetic();
        Functions();
        Windows();
        Moves();
        Conversions();
    }

    /// <summary>Name, model, and raw elements for each of its inputs.</summary>
    public static IReadOnlyList<(string Name, TfliteModel Model, byte[][] Inputs)> Of(int seed) => new Int16Models(seed)._cases;

    private void Convolutions()
    {
        for (var i = 0; i < 4; i++)
        {
            Add($"conv_{i}", new RandomModels(_seed + i, TensorType.Int16).Conv());
            Add($"depthwise_{i}", new RandomModels(_seed + i, TensorType.Int16).DepthwiseConv());
            Add($"fully_connected_{i}", new RandomModels(_seed + i, TensorType.Int16).FullyConnected());
        }

        Add("conv_sums_of_32_bits", WithNarrowBias(new RandomModels(_seed, TensorType.Int16).Conv()));
        Add("fully_connected_sums_of_32_bits", WithNarrowBias(new RandomModels(_seed + 1, TensorType.Int16).FullyConnected()));
    }

    private void Arithmetic()
    {
        (string Name, int[] A, int[] B)[] shapes =
        [
            ("same", [1, 5, 7, 9], [1, 5, 7, 9]), ("channel", [2, 4, 5, 19], [19]), ("image", [1, 6, 5, 3], [1, 6, 5, 1]), ("scalar", [1, 3, 4, 5], [1]), ("wide", [1, 3, 11, 40], [1, 3, 11, 40]),
        ];
        foreach (var (code, name) in new[] { (BuiltinOperator.Add, "add"), (BuiltinOperator.Sub, "sub"), (BuiltinOperator.Mul, "mul"), (BuiltinOperator.Maximum, "maximum"), (BuiltinOperator.Minimum, "minimum") })
        {
            var activation = Activation.None;
            foreach (var (kind, a, b) in shapes)
            {
                OperatorOptions? options = code switch
                {
                    BuiltinOperator.Add => new AddOptions(activation, PotScaleInt16: false),
                    BuiltinOperator.Sub => new SubOptions(activation, PotScaleInt16: false),
                    BuiltinOperator.Mul => new MulOptions(activation),
                    _ => null,
                };
                var keeps = code is BuiltinOperator.Maximum or BuiltinOperator.Minimum;
                var (scaleA, scaleB) = (Scale(1e-4f), Scale(1e-4f));
                var scale = code == BuiltinOperator.Mul ? scaleA * scaleB * 20000 * Spread(1) : Math.Max(scaleA, scaleB) * Spread(1);
                Single($"{name}_{kind}", code, options, [Codes(a, scaleA), Codes(b, keeps ? scaleA : scaleB)], Codes(Shape(a, b), keeps ? scaleA : scale));
                activation = (Activation)(((int)activation + 1) % 4);
            }
        }
    }

    private void Functions()
    {
        int[] shape = [1, 9, 11, 7];
        foreach (var (name, scale) in new[] { ("narrow", 1e-5f), ("usual", 2.7e-4f), ("twelve_bits", 1f / 4096), ("eleven_bits", 1f / 2048), ("wide", 6e-3f), ("widest", 2.5f) })
        {
            Single($"logistic_{name}", BuiltinOperator.Logistic, null, [Codes(shape, scale)], Codes(shape, 1f / 32768));
            Single($"tanh_{name}", BuiltinOperator.Tanh, null, [Codes(shape, scale)], Codes(shape, 1f / 32768));
            Single($"softmax_{name}", BuiltinOperator.Softmax, new SoftmaxOptions(), [Codes([40, 11], scale)], Codes([40, 11], 1f / 32768));
        }

        Single("softmax_long", BuiltinOperator.Softmax, new SoftmaxOptions(0.5f), [Codes([2, 500], 3e-4f)], Codes([2, 500], 1f / 32768));
        for (var i = 0; i < 2; i++)
        {
            var scale = Scale(1e-4f);
            Single($"leaky_relu_{i}", BuiltinOperator.LeakyRelu, new LeakyReluOptions(0.01f + (0.3f * i)), [Codes(shape, scale)], Codes(shape, scale * Spread(1)));
            Single($"relu_{i}", BuiltinOperator.Relu, null, [Codes(shape, scale)], Codes(shape, scale * Spread(1)));
            Single($"relu6_{i}", BuiltinOperator.Relu6, null, [Codes(shape, 3e-4f + (1e-4f * i))], Codes(shape, 3e-4f + (1e-4f * i)));
        }
    }

    private void Windows()
    {
        foreach (var (code, name) in new[] { (BuiltinOperator.MaxPool2D, "max_pool"), (BuiltinOperator.AveragePool2D, "average_pool") })
        {
            var scale = Scale(1e-4f);
            Single($"{name}_same", code, new PoolOptions(Padding.Same, 1, 1, 5, 5), [Codes([1, 9, 8, 7], scale)], Codes([1, 9, 8, 7], scale));
            Single($"{name}_valid", code, new PoolOptions(Padding.Valid, 2, 2, 2, 3, Activation.Relu), [Codes([2, 9, 8, 21], scale)], Codes([2, 4, 4, 21], scale));
        }

        foreach (var (code, name) in new[] { (BuiltinOperator.Mean, "mean"), (BuiltinOperator.Sum, "sum") })
        {
            foreach (var (kind, axes, keep, output) in new (string, int[], bool, int[])[]
            {
                ("image", [1, 2], true, [2, 1, 1, 19]), ("channels", [3], false, [2, 6, 5]), ("rows", [-3], true, [2, 1, 5, 19]), ("batch", [0, 3], false, [6, 5]),
            })
            {
                var scale = Scale(1e-4f);
                var gain = code == BuiltinOperator.Sum ? 12 : 0.4f;
                Single($"{name}_{kind}", code, new ReducerOptions(keep), [Codes([2, 6, 5, 19], scale), Numbers([axes.Length], axes)], Codes(output, scale * gain * Spread(0.5f)));
            }
        }

        foreach (var (kind, align, half, height, width) in new[] { ("plain", false, false, 14, 13), ("half", false, true, 14, 13), ("align", true, false, 13, 3), ("smaller", false, true, 3, 4) })
        {
            var scale = Scale(1e-4f);
            Single($"resize_nearest_{kind}", BuiltinOperator.ResizeNearestNeighbor, new ResizeNearestOptions(align, half), [Codes([2, 7, 6, 5], scale), Numbers([2], height, width)], Codes([2, height, width, 5], scale));
            Single($"resize_bilinear_{kind}", BuiltinOperator.ResizeBilinear, new ResizeBilinearOptions(align, half), [Codes([2, 7, 6, 5], scale), Numbers([2], height, width)], Codes([2, height, width, 5], scale));
        }
    }

    private void Moves()
    {
        var scale = Scale(1e-4f);
        var quantization = TfliteQuantization.PerTensor(scale, 0);
        Single("concat_channels", BuiltinOperator.Concatenation, new ConcatenationOptions(3), [Codes([2, 3, 4, 5], scale), Codes([2, 3, 4, 2], scale), Codes([2, 3, 4, 9], scale)], Codes([2, 3, 4, 16], scale));
        Single("concat_rows", BuiltinOperator.Concatenation, new ConcatenationOptions(-3), [Codes([1, 3, 4, 5], scale), Codes([1, 2, 4, 5], scale)], Codes([1, 5, 4, 5], scale));
        Single("pad", BuiltinOperator.Pad, null, [Codes([1, 3, 4, 5], scale), Numbers([4, 2], 0, 0, 1, 2, 3, 0, 0, 1)], Codes([1, 6, 7, 6], scale));
        var fill = new TfliteTensor("fill", [1], TensorType.Int16, MemoryMarshal.AsBytes<short>([-12345]).ToArray(), quantization);
        Single("pad_v2", BuiltinOperator.PadV2, null, [Codes([1, 3, 4, 5], scale), Numbers([4, 2], 0, 0, 1, 2, 3, 0, 0, 0), fill], Codes([1, 6, 7, 5], scale));
        Single("reshape", BuiltinOperator.Reshape, new ReshapeOptions([6, 10]), [Codes([1, 3, 4, 5], scale), Numbers([2], 6, 10)], Codes([6, 10], scale));
        Single("transpose", BuiltinOperator.Transpose, null, [Codes([2, 3, 4, 5], scale), Numbers([4], 0, 3, 1, 2)], Codes([2, 5, 3, 4], scale));
        Single("slice", BuiltinOperator.Slice, null, [Codes([1, 6, 7, 9], scale), Numbers([4], 0, 1, 2, 3), Numbers([4], 1, 4, -1, 5)], Codes([1, 4, 5, 5], scale));
        Single("strided_slice", BuiltinOperator.StridedSlice, new StridedSliceOptions(), [Codes([1, 7, 8, 9], scale), Numbers([4], 0, 1, 0, 8), Numbers([4], 1, 7, 8, 2), Numbers([4], 1, 2, 3, -2)], Codes([1, 3, 3, 3], scale));
        var input = Codes([1, 4, 3, 6], scale);
        var axis = Numbers([], 3);
        TfliteTensor[] halves = [Codes([1, 4, 3, 3], scale), Codes([1, 4, 3, 3], scale)];
        Add("split", new TfliteModel { Tensors = [axis, input, .. halves], Operators = [new(BuiltinOperator.Split, [0, 1], [2, 3], new SplitOptions(2))], Inputs = [1], Outputs = [2, 3] });
    }

    private void Conversions()
    {
        int[] shape = [1, 9, 11, 7];
        for (var i = 0; i < 3; i++)
        {
            var scale = Scale(1e-4f);
            Single($"quantize_16_16_{i}", BuiltinOperator.Quantize, null, [Codes(shape, scale)], Codes(shape, i == 2 ? scale : scale * Spread(2)));
            Single($"quantize_16_8_{i}", BuiltinOperator.Quantize, null, [Codes(shape, scale)], Bytes(shape, scale * 300 * Spread(1), (40 * i) - 30));
            Single($"quantize_8_16_{i}", BuiltinOperator.Quantize, null, [Bytes(shape, scale * 200, (40 * i) - 30)], Codes(shape, scale * Spread(1)));
        }

        Single("quantize_floats", BuiltinOperator.Quantize, null, [new("input", shape, TensorType.Float32)], Codes(shape, 7e-5f));
        Single("dequantize", BuiltinOperator.Dequantize, null, [Codes(shape, Scale(1e-4f))], new("output", shape, TensorType.Float32));
    }

    private static TfliteModel WithNarrowBias(TfliteModel model)
    {
        var tensors = model.Tensors.ToArray();
        tensors[2] = tensors[2] with { Type = TensorType.Int32, Data = MemoryMarshal.AsBytes<int>(Array.ConvertAll(MemoryMarshal.Cast<byte, long>(tensors[2].Data).ToArray(), bias => (int)bias)).ToArray() };
        return model with { Tensors = tensors };
    }

    private static TfliteTensor Codes(int[] shape, float scale) => new("codes", shape, TensorType.Int16, null, TfliteQuantization.PerTensor(scale, 0));

    private static TfliteTensor Bytes(int[] shape, float scale, int zeroPoint) => new("bytes", shape, TensorType.Int8, null, TfliteQuantization.PerTensor(scale, zeroPoint));

    private static TfliteTensor Numbers(int[] shape, params int[] numbers) => new("numbers", shape, TensorType.Int32, MemoryMarshal.AsBytes<int>(numbers).ToArray());

    private static int[] Shape(int[] a, int[] b) => [.. Enumerable.Range(0, a.Length).Select(k => Math.Max(a[k], k < a.Length - b.Length ? 1 : b[k - a.Length + b.Length]))];

    private float Scale(float middle) => middle * Spread(2);

    // A power of two between -bits and bits, and not a whole one.
    private float Spread(float bits) => MathF.Pow(2, ((_random.NextSingle() * 2) - 1) * bits);

    private void Single(string name, BuiltinOperator code, OperatorOptions? options, TfliteTensor[] inputs, TfliteTensor output) => Add(name, new TfliteModel
    {
        Tensors = [.. inputs, output],
        Operators = [new(code, [.. Enumerable.Range(0, inputs.Length)], [inputs.Length], options)],
        Inputs = [.. Enumerable.Range(0, inputs.Length).Where(i => inputs[i].Data is null)],
        Outputs = [inputs.Length],
    });

    private void Add(string name, TfliteModel model)
    {
        _cases.Add((name, model, [.. model.Inputs.Select(index => Elements(model.Tensors[index]))]));
        _random = new Random(_seed + _cases.Count);
    }

    // Codes over their whole range, most of them small; floats within the codes' range and a little beyond.
    private byte[] Elements(TfliteTensor tensor)
    {
        var elements = new byte[tensor.Count * tensor.Type.Size()];
        _random.NextBytes(elements);
        if (tensor.Type == TensorType.Float32)
        {
            foreach (ref var value in MemoryMarshal.Cast<byte, float>(elements.AsSpan()))
                value = (_random.NextSingle() - 0.5f) * 5;
        }
        else if (tensor.Type == TensorType.Int16)
        {
            foreach (ref var code in MemoryMarshal.Cast<byte, short>(elements.AsSpan()))
                code >>= _random.Next(4);
        }

        return elements;
    }
}
