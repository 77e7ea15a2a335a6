namespace Sscma.Onnx.Tests;

/// <summary>A model of two nodes whose result can be worked out by hand: y = relu(2x + 1) per element, then every kind of attribute.</summary>
internal static class TinyModel
{
    public static OnnxModel Make()
    {
        var model = new OnnxModel { ProducerVersion = "1.2", GraphName = "tiny" };
        model.Metadata["sscma.labels"] = """["Mutter","Schräubchen"]""";
        model.Metadata["sscma.image_size"] = "2";
        model.Inputs.Add(new OnnxValueInfo("x", OnnxType.Float, [1, 1, 2, 2]));
        model.Outputs.Add(new OnnxValueInfo("y", OnnxType.Float, [1, 1, 2, 2]));
        model.Initializers.Add(OnnxTensor.From("weight", [2f], 1, 1, 1, 1));
        model.Initializers.Add(OnnxTensor.From("bias", [1f], 1));
        model.Nodes.Add(OnnxNode.Of("Conv", "conv", ["x", "weight", "bias"], "c", ("kernel_shape", new long[] { 1, 1 }), ("auto_pad", "NOTSET"), ("group", 1L)));
        model.Nodes.Add(OnnxNode.Of("Relu", "relu", ["c"], "y"));
        return model;
    }
}
