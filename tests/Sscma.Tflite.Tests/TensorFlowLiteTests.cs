using Sscma.TestSupport;

namespace Sscma.Tflite.Tests;

[TestClass]
[TestCategory("GoldensTflite")]
public sealed class TensorFlowLiteTests
{
    [TestMethod]
    public void The_real_library_reads_what_we_write_and_gives_the_recorded_outputs()
    {
        // It refuses the others, and crashes on a depthwise convolution without bias.
        foreach (var golden in GoldenCase.All.Where(golden => !golden.RejectedByTflite))
        {
            var tensors = golden.Tensors();
            using var library = new TensorFlowLite(TfliteFile.Write(golden.Model()));
            var actual = library.Run(GoldenCase.Series(tensors, "input"));

            var expected = GoldenCase.Series(tensors, "tflite.output");
            Assert.HasCount(expected.Length, actual, golden.Name);
            for (var k = 0; k < expected.Length; k++)
            {
                if (golden.IsFloat)
                    Compare.Floats(expected[k], actual[k], 1e-5, $"{golden.Name} output {k}");
                else
                    Compare.Exactly(expected[k], actual[k], $"{golden.Name} output {k}");
            }
        }
    }
}
