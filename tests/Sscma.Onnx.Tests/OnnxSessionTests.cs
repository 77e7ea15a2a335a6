using Sscma.Diagnostics;

namespace Sscma.Onnx.Tests;

[TestClass]
public sealed class OnnxSessionTests
{
    [TestMethod]
    public void A_model_runs()
    {
        using var session = new OnnxSession(TinyModel.Make());
        var results = session.Run([-2, -0.5f, 0, 3], 1, 1, 2, 2);
        Assert.HasCount(1, results);
        Assert.AreEqual("y", results[0].Name);
        CollectionAssert.AreEqual(new long[] { 1, 1, 2, 2 }, results[0].Shape);
        CollectionAssert.AreEqual(new[] { 0f, 0f, 1f, 7f }, results[0].Floats());
    }

    [TestMethod]
    public void Any_intermediate_value_can_be_had()
    {
        var model = TinyModel.Make();
        using var session = OnnxSession.WithValues(model, ["y", "c"]);
        var results = session.Run([-2, -0.5f, 0, 3], 1, 1, 2, 2);
        CollectionAssert.AreEqual(new[] { "y", "c" }, session.Outputs.ToArray());
        CollectionAssert.AreEqual(new[] { -3f, 0f, 1f, 7f }, results[1].Floats());
        Assert.HasCount(1, model.Outputs, "the model itself is left alone");
    }

    [TestMethod]
    public void A_model_that_ONNX_Runtime_refuses_is_a_coded_error()
    {
        var model = TinyModel.Make();
        model.Nodes.Add(OnnxNode.Of("NoSuchOperator", "odd", ["y"], "z"));
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => new OnnxSession(model));
        Assert.AreEqual(Codes.OnnxRefused, problem.Diagnostic.Code);
        StringAssert.Contains(problem.Message, "NoSuchOperator");
    }
}
