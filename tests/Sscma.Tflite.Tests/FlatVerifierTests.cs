using System.Buffers.Binary;
using Google.FlatBuffers;
using Sscma.Diagnostics;
using Sscma.Tflite.Schema;

namespace Sscma.Tflite.Tests;

/// <summary>Files made to mislead: what the verifier of Google.FlatBuffers or the generated accessors would let through.</summary>
[TestClass]
public sealed class FlatVerifierTests
{
    [TestMethod]
    public void What_lies_behind_32_KiB_is_verified_too()
    {
        var file = TfliteFile.Write(new TfliteModel
        {
            Tensors = [new("a text to find", [100_000], TensorType.Int8, new byte[100_000])],
            Operators = [],
            Inputs = [],
            Outputs = [],
        });
        var text = file.AsSpan().IndexOf("a text to find"u8);
        Assert.IsGreaterThan(short.MaxValue, text);

        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(text - 4), int.MaxValue);

        Refused(file, "refers to byte");
    }

    [TestMethod]
    public void Vectors_that_share_bytes_do_not_multiply_memory() => Refused(
        File(builder =>
        {
            var data = Schema.Buffer.CreateDataVectorBlock(builder, new byte[1 << 16]);
            return ([], [.. Enumerable.Range(0, 1000).Select(_ => Schema.Buffer.CreateBuffer(builder, data))]);
        }),
        "overlap");

    [TestMethod]
    public void One_table_does_not_stand_for_a_million() => Refused(
        File(builder =>
        {
            var tensor = Tensor.CreateTensor(builder);
            return ([.. Enumerable.Repeat(tensor, 1_000_000)], [Schema.Buffer.CreateBuffer(builder)]);
        }),
        "more than 262144 tables");

    [TestMethod]
    public void An_offset_leads_to_aligned_bytes()
    {
        var file = Sound();

        BinaryPrimitives.WriteInt32LittleEndian(file, BinaryPrimitives.ReadInt32LittleEndian(file) + 1);

        Refused(file, "multiple of 4");
    }

    [TestMethod]
    [DataRow(0x8000)]
    [DataRow(0xFFFE)]
    [DataRow(3)]
    [DataRow(5)]
    public void A_directory_has_a_length_that_the_accessors_understand(int length)
    {
        // Enough bytes behind it that the length alone is wrong.
        var file = new byte[1 << 17];
        Sound().CopyTo(file, 0);
        var root = BinaryPrimitives.ReadInt32LittleEndian(file);

        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(root - BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(root))), (ushort)length);

        Refused(file, "wrong directory");
    }

    [TestMethod]
    public void A_field_lies_inside_its_table()
    {
        var file = new byte[1 << 17];
        Sound().CopyTo(file, 0);
        var root = BinaryPrimitives.ReadInt32LittleEndian(file);

        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(root - BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(root)) + 4), 0x7000);

        Refused(file, "outside its table");
    }

    [TestMethod]
    public void A_text_ends_with_0()
    {
        var file = Sound();

        file[file.AsSpan().IndexOf("\u0004\0\0\0main\0"u8) + 8] = 1;

        Refused(file, "does not end with 0");
    }

    [TestMethod]
    public void Operators_and_options_that_are_not_known_are_passed_over()
    {
        var builder = new FlatBufferBuilder(256);
        var code = OperatorCode.CreateOperatorCode(builder, 127, default, 1, (BuiltinOperator)150);
        var options = Schema.ReshapeOptions.CreateReshapeOptions(builder, Schema.ReshapeOptions.CreateNewShapeVectorBlock(builder, [1]));
        var node = Operator.CreateOperator(builder, 0, builtin_options_type: (BuiltinOptions)111, builtin_optionsOffset: options.Value);

        var model = TfliteFile.Read(Finish(builder, [], [Schema.Buffer.CreateBuffer(builder)], [node], [code]));

        Assert.AreEqual(150, (int)model.Operators[0].Code);
        Assert.IsNull(model.Operators[0].Options);
    }

    [TestMethod]
    public void What_is_stored_elsewhere_or_otherwise_is_refused_and_not_misread()
    {
        Refused(File(builder => ([Tensor.CreateTensor(builder, external_buffer: 1)], [Schema.Buffer.CreateBuffer(builder)])), "another file");
        Refused(File(builder => ([Tensor.CreateTensor(builder)], [Schema.Buffer.CreateBuffer(builder, offset: 4096)])), "behind the tables");
        Refused(
            File(builder => ([Tensor.CreateTensor(builder, quantizationOffset: QuantizationParameters.CreateQuantizationParameters(builder, details_type: 2))], [Schema.Buffer.CreateBuffer(builder)])),
            "quantized in a way");
        Refused(
            File(builder =>
            {
                SparsityParameters.StartSparsityParameters(builder);
                return ([Tensor.CreateTensor(builder, sparsityOffset: SparsityParameters.EndSparsityParameters(builder))], [Schema.Buffer.CreateBuffer(builder)]);
            }),
            "sparse");
    }

    [TestMethod]
    public void A_part_of_an_array_is_read_as_a_file()
    {
        var sound = Sound();
        byte[] wider = [1, 2, 3, .. sound, 4, 5];

        Assert.HasCount(1, TfliteFile.Read(wider.AsMemory(3, sound.Length)).Tensors);
    }

    private static byte[] Sound() => File(builder => ([Tensor.CreateTensor(builder)], [Schema.Buffer.CreateBuffer(builder)]));

    private static byte[] File(Func<FlatBufferBuilder, (Offset<Tensor>[] Tensors, Offset<Schema.Buffer>[] Buffers)> parts)
    {
        var builder = new FlatBufferBuilder(256);
        var (tensors, buffers) = parts(builder);
        return Finish(builder, tensors, buffers, [], []);
    }

    private static byte[] Finish(FlatBufferBuilder builder, Offset<Tensor>[] tensors, Offset<Schema.Buffer>[] buffers, Offset<Operator>[] nodes, Offset<OperatorCode>[] codes)
    {
        var graph = SubGraph.CreateSubGraph(
            builder, SubGraph.CreateTensorsVector(builder, tensors), default, default, SubGraph.CreateOperatorsVector(builder, nodes), builder.CreateString("main"));
        var graphs = Model.CreateSubgraphsVector(builder, [graph]);
        var model = Model.CreateModel(
            builder, 3, Model.CreateOperatorCodesVector(builder, codes), graphs, buffersOffset: Model.CreateBuffersVector(builder, buffers));
        Model.FinishModelBuffer(builder, model);
        return builder.SizedByteArray();
    }

    private static void Refused(byte[] file, string because)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var problem = Assert.ThrowsExactly<DiagnosticException>(() => TfliteFile.Read(file));

        Assert.AreEqual(Codes.TfliteFileInvalid, problem.Diagnostic.Code);
        StringAssert.Contains(problem.Message, because);
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
