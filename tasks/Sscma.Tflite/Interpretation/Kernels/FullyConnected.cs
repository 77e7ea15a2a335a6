namespace Sscma.Tflite.Interpretation.Kernels;

/// <summary>Matrix product of int8 codes, plain: the definition. Input (…, In), weights (Out, In), output (…, Out).</summary>
internal sealed class FullyConnected(ConvSetup setup) : IKernel
{
    public void Run()
    {
        var (outputs, inputs) = (setup.OutputChannels, setup.InputChannels);
        var output = setup.Output.Int8;
        for (var i = 0; i < output.Length; i++)
        {
            var o = i % outputs;
            var codes = setup.Input.Int8.Slice(i / outputs * inputs, inputs);
            var row = setup.Weights.Int8.Slice(o * inputs, inputs);
            var sum = setup.Bias[o];
            for (var k = 0; k < inputs; k++)
                sum += (codes[k] - setup.InputZero) * row[k];
            output[i] = setup.Range.Clamp(setup.Multipliers[o].Apply(sum) + setup.OutputZero);
        }
    }
}
