using System.Buffers.Binary;
using System.Reflection;
using Sscma.TestSupport;

namespace Sscma.Tflite.Tests;

/// <summary>Three ways to spoil a TFLite file: its bytes, its layout, and what it says.</summary>
internal static class Mutations
{
    private static readonly int[] Odd = [0, 1, -1, 2, 3, 5, 127, 128, 255, 256, 4096, 32767, 65536, 1 << 20, 1 << 24, 1 << 28, 1 << 30, int.MaxValue, int.MinValue];
    private static readonly float[] OddReals = [0, -0f, 1, -1, 1e-38f, 1e-45f, 3e38f, float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    public static byte[] Any(byte[] seed, Random random) => random.Next(4) switch
    {
        0 => Fuzz.Damaged(seed, random),
        1 => Relaid(seed, random),
        _ => Misled(seed, random),
    };

    /// <summary>The size kept; offsets, lengths and directories bent, above all to where others lead.</summary>
    private static byte[] Relaid(byte[] seed, Random random)
    {
        var bytes = (byte[])seed.Clone();
        var offsets = Enumerable.Range(0, bytes.Length / 4).Select(word => word * 4).Where(at => Word(at) is > 0 and var offset && offset < bytes.Length - at).ToArray();
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(bytes.Length / 4) * 4;
            var (one, other) = (offsets[random.Next(offsets.Length)], offsets[random.Next(offsets.Length)]);
            switch (random.Next(6))
            {
                case 0: Write(one, other + Word(other) - one); break;
                case 1: Write(one, Word(one) + (random.Next(-8, 9) * (random.Next(2) == 0 ? 1 : 4))); break;
                case 2: Write(one, Odd[random.Next(Odd.Length)]); break;
                case 3: Write(at, Word(other)); break;
                case 4: Write(at, Odd[random.Next(Odd.Length)]); break;
                default: BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + (2 * random.Next(2))), (ushort)(random.Next(2) == 0 ? random.Next(64) : random.Next(65536))); break;
            }
        }

        return bytes;

        int Word(int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

        void Write(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
    }

    /// <summary>A sound file with senseless numbers in it: what gets past the reader.</summary>
    private static byte[] Misled(byte[] seed, Random random)
    {
        var model = TfliteFile.Read(seed);
        var (tensors, operators) = (model.Tensors.ToArray(), model.Operators.ToList());
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var (tensor, node) = (random.Next(tensors.Length), random.Next(operators.Count));
            switch (random.Next(10))
            {
                case 0: tensors[tensor] = Reshaped(tensors[tensor], random); break;
                case 1: Resize(tensors, random); break;
                case 2: tensors[tensor] = Fitted(tensors[tensor] with { Type = tensors[random.Next(tensors.Length)].Type }, random); break;
                case 3: tensors[tensor] = tensors[tensor] with { Quantization = Requantized(tensors[tensor].Quantization, tensors[random.Next(tensors.Length)].Quantization, random) }; break;
                case 4: tensors[tensor] = tensors[tensor] with { Data = Constant(tensors[tensor], random) }; break;
                case 5: operators[node] = operators[node] with { Inputs = Rewired(operators[node].Inputs, tensors.Length, random) }; break;
                case 6: operators[node] = operators[node] with { Outputs = Rewired(operators[node].Outputs, tensors.Length, random) }; break;
                case 7: operators[node] = Likened(operators[node], random); break;
                case 8: operators.Insert(random.Next(operators.Count + 1), operators[node]); break;
                default: operators[node] = operators[node] with { Options = operators[node].Options is { } options ? Bent(options, random) : null }; break;
            }
        }

        var misled = model with { Tensors = tensors, Operators = operators };
        if (random.Next(8) == 0)
            misled = random.Next(2) == 0 ? misled with { Inputs = Rewired(model.Inputs, tensors.Length, random) } : misled with { Outputs = Rewired(model.Outputs, tensors.Length, random) };
        if (model.Metadata.Count > 0 && random.Next(4) == 0)
            misled = misled with { Metadata = model.Metadata.ToDictionary(entry => entry.Key, entry => Fuzz.Damaged(entry.Value, random)) };
        return TfliteFile.Write(misled);
    }

    private static TfliteTensor Reshaped(TfliteTensor tensor, Random random)
    {
        int[] shape = [.. tensor.Shape];
        if (shape.Length > 0 && random.Next(4) != 0)
            shape[random.Next(shape.Length)] = random.Next(3) == 0 ? random.Next(1, 100) : Math.Abs(Odd[random.Next(Odd.Length - 1)]);
        else if (random.Next(2) == 0)
            shape = [.. shape, 1];
        else
            shape = [.. shape.Skip(1)];
        return Fitted(tensor with { Shape = shape }, random);
    }

    // All tensors that have an extent get another: what fitted still fits, at another size.
    private static void Resize(TfliteTensor[] tensors, Random random)
    {
        var extents = tensors.SelectMany(tensor => tensor.Shape).Where(extent => extent > 0).Distinct().ToArray();
        if (extents.Length == 0)
            return;
        var (old, changed) = (extents[random.Next(extents.Length)], random.Next(3) == 0 ? random.Next(1, 100) : Math.Abs(Odd[random.Next(Odd.Length - 1)]));
        for (var i = 0; i < tensors.Length; i++)
            tensors[i] = Fitted(tensors[i] with { Shape = [.. tensors[i].Shape.Select(extent => extent == old ? changed : extent)] }, random);
    }

    // Data of the size that the shape asks for; where that is large, the tensor is computed instead.
    private static TfliteTensor Fitted(TfliteTensor tensor, Random random)
    {
        var bytes = tensor.Count > 1 << 16 ? long.MaxValue : tensor.Count * tensor.Type.Size();
        if (tensor.Data is not { } data || data.Length == bytes)
            return tensor;
        return tensor with { Data = bytes > 1 << 16 ? null : [.. Enumerable.Range(0, (int)bytes).Select(i => data.Length > i ? data[i] : (byte)random.Next(256))] };
    }

    private static TfliteQuantization? Requantized(TfliteQuantization? own, TfliteQuantization? other, Random random)
    {
        if (own is null || random.Next(4) == 0)
            return other;
        var (scales, zeros) = ((float[])own.Scales.Clone(), (long[])own.ZeroPoints.Clone());
        switch (random.Next(4))
        {
            case 0: scales[random.Next(scales.Length)] = OddReals[random.Next(OddReals.Length)]; break;
            case 1: scales[random.Next(scales.Length)] *= MathF.Pow(2, random.Next(-140, 140)); break;
            case 2: zeros[random.Next(zeros.Length)] = random.Next(2) == 0 ? Odd[random.Next(Odd.Length)] : random.NextInt64(); break;
            default: return own with { Dimension = Odd[random.Next(Odd.Length)] };
        }

        return new TfliteQuantization(scales, zeros, own.Dimension);
    }

    private static byte[]? Constant(TfliteTensor tensor, Random random)
    {
        if (tensor.Data is not { } data)
            return tensor.Count * tensor.Type.Size() is > 0 and <= 1 << 16 and var size ? new byte[size] : null;
        if (random.Next(4) == 0)
            return null;
        var changed = (byte[])data.Clone();
        if (tensor.Type == TensorType.Int32 && changed.Length > 0)
            BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(random.Next(changed.Length / 4) * 4), random.Next(3) == 0 ? random.Next(-10, 100) : Odd[random.Next(Odd.Length)]);
        else
            random.NextBytes(changed);
        return changed;
    }

    private static int[] Rewired(int[] indices, int tensors, Random random)
    {
        int[] changed = [.. indices];
        if (changed.Length > 0 && random.Next(3) != 0)
            changed[random.Next(changed.Length)] = random.Next(tensors);
        else
            changed = random.Next(2) == 0 ? [.. changed, random.Next(tensors)] : [.. changed.Skip(1)];

        // The type of its output decides on an operator's version, so the writer needs one.
        return changed.Length > 0 ? changed : [random.Next(tensors)];
    }

    // Another operator with its own options; half of the time one that the catalogue of kernels may take for this one's operands.
    private static TfliteOperator Likened(TfliteOperator node, Random random)
    {
        var codes = Enum.GetValues<BuiltinOperator>().Where(code => code != BuiltinOperator.Custom).ToArray();
        var code = codes[random.Next(codes.Length)];
        return node with
        {
            Code = code,
            Options = code switch
            {
                BuiltinOperator.Add => new AddOptions(),
                BuiltinOperator.Sub => new SubOptions(),
                BuiltinOperator.Mul => new MulOptions(),
                BuiltinOperator.Concatenation => new ConcatenationOptions(random.Next(-1, 4)),
                BuiltinOperator.Conv2D => new ConvOptions(Padding.Same, 1, 1),
                BuiltinOperator.DepthwiseConv2D => new DepthwiseConvOptions(Padding.Same, 1, 1),
                BuiltinOperator.MaxPool2D or BuiltinOperator.AveragePool2D => new PoolOptions(Padding.Same, 1, 1, 2, 2),
                BuiltinOperator.FullyConnected => new FullyConnectedOptions(),
                BuiltinOperator.Reshape => new ReshapeOptions([]),
                BuiltinOperator.Squeeze => new SqueezeOptions([]),
                BuiltinOperator.ResizeBilinear => new ResizeBilinearOptions(),
                BuiltinOperator.ResizeNearestNeighbor => new ResizeNearestOptions(),
                BuiltinOperator.Softmax => new SoftmaxOptions(),
                BuiltinOperator.Mean or BuiltinOperator.Sum => new ReducerOptions(random.Next(2) == 0),
                BuiltinOperator.StridedSlice => new StridedSliceOptions(),
                BuiltinOperator.Split => new SplitOptions(random.Next(1, 4)),
                BuiltinOperator.LeakyRelu => new LeakyReluOptions(0.1f),
                _ => null,
            },
        };
    }

    // A record's constructor takes its properties in order.
    private static OperatorOptions Bent(OperatorOptions options, Random random)
    {
        var constructor = options.GetType().GetConstructors(BindingFlags.Public | BindingFlags.Instance).Single(constructor => constructor.GetParameters().Length > 0);
        var values = constructor.GetParameters().Select(parameter => options.GetType().GetProperty(parameter.Name!)!.GetValue(options)).ToArray();
        var at = random.Next(values.Length);
        values[at] = values[at] switch
        {
            int => random.Next(2) == 0 ? random.Next(-4, 20) : Odd[random.Next(Odd.Length)],
            bool flag => !flag,
            float => OddReals[random.Next(OddReals.Length)],
            sbyte => (sbyte)random.Next(-128, 128),
            int[] numbers => Rewired(numbers, 100, random),
            Padding => (Padding)random.Next(-2, 3),
            Activation => (Activation)random.Next(-2, 6),
            var other => throw new InvalidOperationException($"{other?.GetType()} is no type of an option"),
        };
        return (OperatorOptions)constructor.Invoke(values);
    }
}
