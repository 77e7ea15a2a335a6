using System.Runtime.InteropServices;
using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Emission;

/// <summary>Collects the tensors and operators of a file.</summary>
internal sealed class TfliteBuilder
{
    private readonly List<TfliteTensor> _tensors = [];
    private readonly List<TfliteOperator> _operators = [];
    private readonly Dictionary<Value, int> _places = [];

    /// <summary>Where each value lies among the tensors.</summary>
    public IReadOnlyDictionary<Value, int> Places => _places;

    /// <summary>The tensor of an activation.</summary>
    public int Activation(Value value, TensorType type, TfliteQuantization? quantization, byte[]? constant = null)
    {
        var place = Add(new TfliteTensor(value.Name, value.Shape, type, constant, quantization));
        _places.Add(value, place);
        return place;
    }

    /// <summary>A value that is another value: in floats there is only one form of a real.</summary>
    public void Same(Value value, Value other) => _places.Add(value, _places[other]);

    /// <summary>A tensor that an operator makes and that is no value of the network.</summary>
    public int Computed(string name, int[] shape, TensorType type) => Add(new TfliteTensor(name, shape, type));

    /// <summary>A constant of the type that activations have.</summary>
    public int Constant(string name, int[] shape, TensorType type, TfliteQuantization? quantization, byte[] data) => Add(new TfliteTensor(name, shape, type, data, quantization));

    public int Float32(string name, int[] shape, float[] data) =>
        Add(new TfliteTensor(name, shape, TensorType.Float32, MemoryMarshal.AsBytes<float>(data).ToArray()));

    public int Float16(string name, int[] shape, Half[] data) =>
        Add(new TfliteTensor(name, shape, TensorType.Float16, MemoryMarshal.AsBytes<Half>(data).ToArray()));

    public int Int8(string name, int[] shape, sbyte[] data, TfliteQuantization quantization) =>
        Add(new TfliteTensor(name, shape, TensorType.Int8, MemoryMarshal.AsBytes<sbyte>(data).ToArray(), quantization));

    public int Int64(string name, int[] shape, long[] data, TfliteQuantization quantization) =>
        Add(new TfliteTensor(name, shape, TensorType.Int64, MemoryMarshal.AsBytes<long>(data).ToArray(), quantization));

    public int Int32(string name, int[] shape, int[] data, TfliteQuantization? quantization = null) =>
        Add(new TfliteTensor(name, shape, TensorType.Int32, MemoryMarshal.AsBytes<int>(data).ToArray(), quantization));

    public void Operator(BuiltinOperator code, int[] inputs, int output, OperatorOptions? options = null) =>
        _operators.Add(new TfliteOperator(code, inputs, [output], options));

    public TfliteModel Build(Value input, IEnumerable<Value> outputs, string description) => new()
    {
        Description = description,
        Tensors = _tensors,
        Operators = _operators,
        Inputs = [_places[input]],
        Outputs = [.. outputs.Select(output => _places[output])],
    };

    private int Add(TfliteTensor tensor)
    {
        _tensors.Add(tensor);
        return _tensors.Count - 1;
    }
}
