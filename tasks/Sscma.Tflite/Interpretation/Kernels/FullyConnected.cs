using System.Numerics;

namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Matrix product of int8 or int16 codes, plain: the definition. Input (…, In), weights (Out, In), output (…, Out).</summary>
/// <typeparam name="T">The codes' type.</typeparam>
internal sealed class FullyConnected<T>(ConvSetup setup) : IKernel
    where T : unmanaged, IBinaryInteger<T>
{
    public void Run()
    {
        var (outputs, inputs) = (setup.OutputChannels, setup.InputChannels);
        var output = setup.Output.Elements<T>();
        for (var i = 0; i < output.Length; i++)
        {
            var o = i % outputs;
            var codes = setup.Input.Elements<T>().Slice(i / outputs * inputs, inputs);
            var row = setup.Weights.Int8.Slice(o * inputs, inputs);
            var sum = 0L;
            for (var k = 0; k < inputs; k++)
                sum += (int.CreateTruncating(codes[k]) - setup.InputZero) * row[k];
            output[i] = T.CreateTruncating(setup.CodeOf(o, sum));
        }
    }
}
