using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Import;
using Sscma.Tensors;

namespace Sscma.Quantization.Tests;

/// <summary>
/// Damaged files: bits flipped, bytes replaced, parts cut out, doubled or moved. A few hundred of each kind; SSCMA_FUZZ sets another number, 20000 for the full run.
/// Whatever comes in, reading ends soon, in little memory, with a result or one coded error.
/// </summary>
[TestClass]
public sealed class FuzzTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("SSCMA_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 400;

    [TestMethod]
    [Timeout(600_000, CooperativeCancellation = true)]
    public void Mutated_ONNX_files_give_networks_or_coded_errors()
    {
        var seeds = Seeds();
        foreach (var seed in seeds)
            OnnxImporter.Import(OnnxFile.Parse(seed));
        var refused = Mutate(seeds, (seed, random) => random.Next(2) == 0 ? Mutated(seed, random) : Misled(seed, random), bytes =>
        {
            try
            {
                OnnxImporter.Import(OnnxFile.Parse(bytes, "mutated.onnx"));
                return false;
            }
            catch (DiagnosticException problem) when (problem.Diagnostic.Code.StartsWith("SSCMA30", StringComparison.Ordinal))
            {
                return true;
            }
        });
        Assert.IsGreaterThan(Count / 10, refused, "mutations that do no harm test nothing");
    }

    [TestMethod]
    [Timeout(600_000, CooperativeCancellation = true)]
    public void Mutated_safetensors_files_are_read_or_refused()
    {
        var path = Path.Combine(TestSupport.TestPaths.Scratch(), "seed.safetensors");
        SafeTensors.Write(path, [new("a.weight", StoredTensor.From(new float[24], 2, 3, 4)), new("b", StoredTensor.From(new float[] { 1, 2 }, 2))]);
        var refused = Mutate([File.ReadAllBytes(path)], Mutated, bytes =>
        {
            try
            {
                SafeTensors.Parse(bytes);
                return false;
            }
            catch (InvalidDataException)
            {
                // The reader's contract; its callers give it the code of the file that they read.
                return true;
            }
        });
        Assert.IsGreaterThan(Count / 10, refused, "mutations that do no harm test nothing");
    }

    private static int Mutate(IReadOnlyList<byte[]> seeds, Func<byte[], Random, byte[]> mutate, Func<byte[], bool> read)
    {
        var (refused, clock) = (0, new Stopwatch());
        for (var i = 0; i < Count; i++)
        {
            var bytes = mutate(seeds[i % seeds.Count], new Random(i));
            var before = GC.GetAllocatedBytesForCurrentThread();
            clock.Restart();
            try
            {
                if (read(bytes))
                    refused++;
            }
            catch (Exception problem)
            {
                Assert.Fail($"mutation {i}: {problem}");
            }

            Assert.IsLessThan(Longest, clock.Elapsed, $"mutation {i}");
            // All that was ever allocated bounds what was held at once.
            Assert.IsLessThan(1L << 30, GC.GetAllocatedBytesForCurrentThread() - before, $"mutation {i}: bytes allocated");
        }

        return refused;
    }

    private static byte[] Mutated(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (var times = random.Next(1, 6); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 32), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = random.Next(2) == 0 ? (byte)0xFF : (byte)0; break;
                case 3: bytes.RemoveRange(at, length); break;
                case 4: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length)); break;
                case 5: bytes.InsertRange(at, Encoding.ASCII.GetBytes(random.NextInt64().ToString(CultureInfo.InvariantCulture))); break;
                default: bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : Math.Min(2, length)); break;
            }
        }

        return [.. bytes];
    }

    /// <summary>A sound file with senseless numbers, names and operators in it: what gets past the reader.</summary>
    private static byte[] Misled(byte[] seed, Random random)
    {
        long[] odd = [0, -1, 1, 2, 3, 7, 1 << 20, int.MaxValue, 1L << 40, long.MaxValue, long.MinValue];
        var model = OnnxFile.Parse(seed);
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var (at, other) = (random.Next(model.Nodes.Count), model.Nodes[random.Next(model.Nodes.Count)]);
            var (node, constant) = (model.Nodes[at], random.Next(model.Initializers.Count));
            switch (random.Next(5))
            {
                case 0:
                    model.Nodes[at] = node with { Op = other.Op };
                    break;
                case 1:
                    model.Nodes[at] = node with { Inputs = [.. node.Inputs.Skip(random.Next(2)), .. other.Inputs.Take(random.Next(3))] };
                    break;
                case 2:
                    model.Nodes[at] = node with { Attributes = [.. node.Attributes.Select(Bent), .. other.Attributes] };
                    break;
                case 3 when model.Initializers[constant] is { Type: OnnxType.Int64 } tensor:
                    model.Initializers[constant] = OnnxTensor.From(tensor.Name, Array.ConvertAll(tensor.Longs(), value => random.Next(2) == 0 ? value : odd[random.Next(odd.Length)]), tensor.Shape);
                    break;
                default:
                    model.Initializers[constant] = model.Initializers[random.Next(model.Initializers.Count)] with { Name = model.Initializers[constant].Name };
                    break;
            }
        }

        return OnnxFile.Serialize(model);

        OnnxAttribute Bent(OnnxAttribute attribute) => attribute.Value switch
        {
            long => attribute with { Value = odd[random.Next(odd.Length)] },
            long[] numbers => attribute with { Value = Array.ConvertAll(numbers, value => random.Next(2) == 0 ? value : odd[random.Next(odd.Length)]) },
            _ => attribute,
        };
    }

    /// <summary>Small graphs, in which most bytes are structure; together they have the operators whose operands decide on sizes.</summary>
    private static List<byte[]> Seeds()
    {
        var cnn = new Graphs(4, 8, 8);
        cnn.Conv("c", "images", 4, 4, 3, 1, 1, groups: 2);
        cnn.Node("MaxPool", "p", ["c"], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }), ("ceil_mode", 1L));
        cnn.Node("AveragePool", "v", ["p"], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
        cnn.Node("Resize", "r", ["v", "", cnn.Constant("factors", [1, 1, 2, 2], 4)], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
        cnn.Node("Pad", "d", ["r", cnn.Constant("pads", 0, 0, 1, 2, 0, 0, 0, 1)]);
        cnn.Node("Clip", "k", ["d", cnn.Constant("low", [-0.5f]), cnn.Constant("high", [2f])]);
        cnn.Node("Flatten", "f", ["k"]);
        cnn.Node("Gemm", "y", ["f", cnn.Constant("w", new float[2 * 252], 252, 2)]);

        var shapes = new Graphs(4, 8, 8);
        shapes.Node("Shape", "s", ["images"]);
        shapes.Node("Gather", "n", ["s", shapes.Constant("first", 0, 1)], ("axis", 0L));
        shapes.Node("Concat", "t", ["n", shapes.Constant("rest", -1)], ("axis", 0L));
        shapes.Node("Reshape", "rows", ["images", "t"]);
        shapes.Node("Transpose", "cells", ["rows"], ("perm", new long[] { 0, 2, 1 }));
        shapes.Node("Slice", "cut", ["cells", shapes.Constant("starts", 1), shapes.Constant("ends", -1), shapes.Constant("axes", 1), shapes.Constant("steps", 2)]);
        shapes.Node("ConstantOfShape", "ones", [shapes.Constant("extents", 1, 1, 4)], ("value", OnnxTensor.From("", [1f], 1)));
        shapes.Node("Range", "range", [shapes.Constant("from", [0f]), shapes.Constant("to", [4f]), shapes.Constant("by", [1f])]);
        shapes.Node("Expand", "wide", ["range", shapes.Constant("width", 1, 31, 4)]);
        shapes.Node("Add", "a", ["cut", "ones"]);
        shapes.Node("Mul", "y", ["a", "wide"]);
        shapes.Node("ReduceMean", "z", ["images"], ("axes", new long[] { 2, 3 }));
        return [OnnxFile.Serialize(cnn.Model("y")), OnnxFile.Serialize(shapes.Model("y", "z"))];
    }
}
