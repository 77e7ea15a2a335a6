using Sscma.Tensors;
using Sscma.TestSupport;

namespace Sscma.Tflite.Tests;

[TestClass]
public sealed class RealModelTests
{
    [TestMethod]
    [DataRow("person_detect")]
    [DataRow("person_detect_q0")]
    [DataRow("mobilenet_v2_quantized_1x3x224x224")]
    [DataRow("hello_world_int8")]
    [DataRow("micro_speech_quantized")]
    public void Outputs_equal_TensorFlow_Lite_Micro(string name)
    {
        var folder = TestPaths.Shared("reference", "tflite", "models");
        var interpreter = new Interpreter(TfliteFile.Read(File.ReadAllBytes(Path.Combine(folder, $"{name}.tflite"))));
        var tensors = SafeTensors.Read(Path.Combine(folder, $"{name.Replace("_q0", "")}.safetensors"));
        var inputs = GoldenCase.Series(tensors, "input");
        var expected = GoldenCase.Series(tensors, "tflm.output");
        Assert.IsNotEmpty(expected);

        for (var run = 0; run < expected.Length; run++)
            Compare.Exactly(expected[run], interpreter.Run([inputs[run]])[0], $"{name} run {run}");
    }
}
