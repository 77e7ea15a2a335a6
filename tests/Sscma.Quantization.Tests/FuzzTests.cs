using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Import;
using Sscma.Tensors;
using Sscma.TestSupport;

namespace Sscma.Quantization.Tests;

/// <summary>Damaged ONNX and safetensors files; <see cref="Fuzz"/> tells how many.</summary>
[TestClass]
public sealed class FuzzTests
{
    [TestMethod]
    [Timeout(600_000, CooperativeCancellation = true)]
    public void Mutated_ONNX_files_give_networks_or_coded_errors()
    {
        Fuzz.Run(Seeds(), (seed, random) => random.Next(2) == 0 ? Fuzz.Damaged(seed, random) : Misled(seed, random), bytes =>
        {
            try
            {
                OnnxImporter.Import(OnnxFile.Parse(bytes, "mutated.onnx"));
                return true;
            }
            catch (DiagnosticException problem) when (problem.Diagnostic.Code.StartsWith("SSCMA30", StringComparison.Ordinal))
            {
                return false;
            }
        });
    }

    [TestMethod]
    [Timeout(600_000, CooperativeCancellation = true)]
    public void Mutated_safetensors_files_are_read_or_refused()
    {
        var path = Path.Combine(TestPaths.Scratch(), "seed.safetensors");
        SafeTensors.Write(path, [new("a.weight", StoredTensor.From(new float[24], 2, 3, 4)), new("b", StoredTensor.From(new float[] { 1, 2 }, 2))]);
        Fuzz.Run([File.ReadAllBytes(path)], Fuzz.Damaged, bytes =>
        {
            try
            {
                SafeTensors.Parse(bytes);
                return true;
            }
            catch (InvalidDataException)
            {
                // The reader's contract; its callers give it the code of the file that they read.
                return false;
            }
        });
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
