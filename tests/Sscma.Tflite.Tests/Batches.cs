using System.Runtime.InteropServices;
using Sscma.Tflite;

namespace Sscma.TestSupport;

/// <summary>The same model for several images at once.</summary>
internal static class Batches
{
    /// <summary>Every value that is fed or computed from what is fed gets the first extent <paramref name="images"/> in place of 1.</summary>
    public static TfliteModel Of(TfliteModel model, int images)
    {
        var tensors = model.Tensors.Select(tensor => tensor.Data is null && tensor.Shape is [1, _, ..] ? tensor with { Shape = [images, .. tensor.Shape[1..]] } : tensor).ToArray();
        var operators = model.Operators.ToArray();
        for (var k = 0; k < operators.Length; k++)
        {
            var node = operators[k];
            if (node.Code == BuiltinOperator.Dequantize && model.Tensors[node.Inputs[0]].Data is not null)
                tensors[node.Outputs[0]] = model.Tensors[node.Outputs[0]];
            if (node.Code != BuiltinOperator.Reshape)
                continue;
            int[] shape = tensors[node.Outputs[0]].Shape;
            operators[k] = node with { Options = new ReshapeOptions(shape) };
            tensors[node.Inputs[1]] = tensors[node.Inputs[1]] with { Data = MemoryMarshal.AsBytes<int>(shape).ToArray() };
        }

        return model with { Tensors = tensors, Operators = operators };
    }
}
