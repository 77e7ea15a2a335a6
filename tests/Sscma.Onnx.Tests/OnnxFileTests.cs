using Sscma.Diagnostics;
using Sscma.TestSupport;

namespace Sscma.Onnx.Tests;

[TestClass]
public sealed class OnnxFileTests
{
    [TestMethod]
    public void What_was_written_reads_back()
    {
        var model = TinyModel.Make();
        model.OtherOpsets["com.example"] = 3;
        model.Values.Add(new OnnxValueInfo("c", OnnxType.Float, [1, -1, 2, 2]));
        model.Nodes.Add(new OnnxNode("Odd", "odd", ["y", ""], ["a", "b"],
            [
                new("f", 0.25f), new("i", -7L), new("s", "grün"), new("t", OnnxTensor.From("", [1L, 2L], 2)),
                new("fs", new[] { 1f, -2f }), new("is", new[] { 3L, long.MinValue }), new("ss", new[] { "p", "" }),
            ], "com.example"));

        var path = Path.Combine(TestPaths.Scratch(), "modell ü.onnx");
        OnnxFile.Write(model, path);
        var read = OnnxFile.Read(path);

        Assert.AreEqual(17, read.Opset);
        Assert.AreEqual(8, read.IrVersion);
        Assert.AreEqual(3, read.OtherOpsets["com.example"]);
        Assert.AreEqual("1.2", read.ProducerVersion);
        Assert.AreEqual("tiny", read.GraphName);
        Assert.AreEqual("""["Mutter","Schräubchen"]""", read.Metadata["sscma.labels"]);
        CollectionAssert.AreEqual(new long[] { 1, -1, 2, 2 }, read.Values[0].Shape);
        var odd = read.Nodes[2];
        CollectionAssert.AreEqual(new[] { "y", "" }, odd.Inputs.ToArray());
        CollectionAssert.AreEqual(new[] { "a", "b" }, odd.Outputs.ToArray());
        Assert.AreEqual("com.example", odd.Domain);
        Assert.AreEqual(0.25f, odd.Float("f", 0));
        Assert.AreEqual(-7L, odd.Int("i", 0));
        Assert.AreEqual("grün", odd.Text("s", ""));
        CollectionAssert.AreEqual(new[] { 3L, long.MinValue }, odd.Ints("is"));
        CollectionAssert.AreEqual(new[] { 1L, 2L }, ((OnnxTensor)odd.Attributes[3].Value).Longs());
        CollectionAssert.AreEqual(new[] { 1f, -2f }, (float[])odd.Attributes[4].Value);
        CollectionAssert.AreEqual(new[] { "p", "" }, (string[])odd.Attributes[6].Value);
        CollectionAssert.AreEqual(OnnxFile.Serialize(model), OnnxFile.Serialize(read), "one model, one file");
    }

    [TestMethod]
    public void A_file_cut_anywhere_is_one_coded_error_or_lacks_only_optional_parts()
    {
        var whole = OnnxFile.Serialize(TinyModel.Make());
        var refused = 0;
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                OnnxFile.Parse(whole[..length], "cut.onnx");
            }
            catch (DiagnosticException problem)
            {
                Assert.AreEqual(Codes.OnnxUnreadable, problem.Diagnostic.Code);
                Assert.AreEqual("cut.onnx", problem.Diagnostic.File);
                refused++;
            }
        }

        // Only a cut between two metadata entries leaves a complete model.
        Assert.IsInRange(whole.Length - 3, whole.Length, refused);
    }

    [TestMethod]
    public void A_file_that_is_something_else_is_a_coded_error()
    {
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => OnnxFile.Parse("<html>no model here</html>"u8.ToArray()));
        Assert.AreEqual(Codes.OnnxUnreadable, problem.Diagnostic.Code);
    }

    [TestMethod]
    public void A_missing_file_is_a_coded_error()
    {
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => OnnxFile.Read(Path.Combine(TestPaths.Scratch(), "none.onnx")));
        Assert.AreEqual(Codes.FileAccess, problem.Diagnostic.Code);
    }

    [TestMethod]
    public void A_constant_whose_bytes_do_not_fit_its_shape_is_named()
    {
        var model = TinyModel.Make();
        model.Initializers.Add(new OnnxTensor("crooked", [3], OnnxType.Float, new byte[8]));
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => OnnxFile.Parse(OnnxFile.Serialize(model)));
        StringAssert.Contains(problem.Message, "crooked");
    }
}
