using Sscma.Diagnostics;
using Sscma.Tflite.Interpretation;
using Sscma.Tflite.Interpretation.Vectors;

namespace Sscma.Tflite;

/// <summary>
/// Runs a model on the CPU with the integer arithmetic of TensorFlow Lite Micro's reference kernels, bit for bit.
/// One instance serves one caller at a time; several instances may share a model. Every buffer is reserved once, when a model is prepared:
/// <see cref="Input"/>, <see cref="Run()"/> and <see cref="Output"/> allocate nothing.
/// </summary>
public sealed class Interpreter : IDisposable
{
    private const long MaxBytes = 1L << 29;
    private const int MostThreads = 256;

    private readonly InterpreterOptions _options;
    private readonly Operand[] _tensors;
    private readonly IKernel[] _kernels;
    private readonly Crew _crew;

    /// <summary>Prepares a model: checks every operator and reserves every buffer.</summary>
    /// <param name="model">What to run.</param>
    /// <param name="options">Null: one thread.</param>
    /// <exception cref="DiagnosticException">An operator is not supported, or the model contradicts itself.</exception>
    public Interpreter(TfliteModel model, InterpreterOptions? options = null)
    {
        Model = model;
        _options = options ?? new InterpreterOptions();
        if (_options.Threads is < 1 or > MostThreads)
            throw new ArgumentOutOfRangeException(nameof(options), _options.Threads, $"from 1 to {MostThreads} threads");
        CheckSize(model);
        CheckOrder(model);
        _tensors = TensorArena.Operands(model, _options.KeepTensors, out var arena);
        _crew = new Crew(_options.Threads);
        try
        {
            var workspace = new Workspace(_crew);
            var path = KernelPaths.Resolve(_options.Path);
            _kernels = KernelCatalogue.Prepare([.. model.Operators.Select((node, index) => new Node(index, node, _tensors, workspace, path))], TablesOf(model, arena), workspace);
            workspace.Allocate();
        }
        catch
        {
            _crew.Dispose();
            throw;
        }
    }

    /// <summary>What runs.</summary>
    public TfliteModel Model { get; }

    /// <summary>Memory of an input, to be filled before each run: its content does not survive one.</summary>
    /// <param name="index">In the model's order.</param>
    public Span<byte> Input(int index) => _tensors[Model.Inputs[index]].Bytes;

    /// <summary>An output of the last run.</summary>
    /// <param name="index">In the model's order.</param>
    public ReadOnlySpan<byte> Output(int index) => _tensors[Model.Outputs[index]].Bytes;

    /// <summary>Computes the outputs from what the inputs hold.</summary>
    public void Run()
    {
        foreach (var kernel in _kernels)
            kernel.Run();
    }

    /// <summary>Computes the outputs.</summary>
    /// <param name="inputs">Raw elements of each input, in the model's order.</param>
    /// <returns>Raw elements of each output, in the model's order.</returns>
    /// <exception cref="ArgumentException">The inputs' number or sizes are not the model's.</exception>
    public byte[][] Run(IReadOnlyList<byte[]> inputs)
    {
        if (inputs.Count != Model.Inputs.Length)
            throw new ArgumentException($"{inputs.Count} inputs given, the model has {Model.Inputs.Length}", nameof(inputs));
        for (var i = 0; i < inputs.Count; i++)
        {
            var input = _tensors[Model.Inputs[i]];
            if (inputs[i].Length != input.Bytes.Length)
                throw new ArgumentException($"input {i} has {inputs[i].Length} bytes, '{input.Name}' {input.ShapeText} needs {input.Bytes.Length}", nameof(inputs));
            inputs[i].CopyTo(input.Bytes);
        }

        Run();
        return [.. Model.Outputs.Select(output => _tensors[output].Bytes.ToArray())];
    }

    /// <summary>Raw elements of any tensor after the last run, for inspection.</summary>
    /// <exception cref="InvalidOperationException">Others have used the tensor's memory: see <see cref="InterpreterOptions.KeepTensors"/>.</exception>
    public ReadOnlySpan<byte> Tensor(int index)
    {
        if (!_options.KeepTensors && !_tensors[index].IsConstant && !Model.Outputs.Contains(index))
            throw new InvalidOperationException($"the tensor '{_tensors[index].Name}' was not kept: prepare the interpreter with {nameof(InterpreterOptions.KeepTensors)}");
        return _tensors[index].Bytes;
    }

    /// <summary>Ends the threads. An interpreter of one thread has none and need not be disposed of.</summary>
    public void Dispose() => _crew.Dispose();

    /// <summary>What runs an operator, for tests.</summary>
    internal IKernel KernelOf(int index) => _kernels[index];

    /// <summary>Runs one operator, for measuring.</summary>
    internal void RunOperator(int index) => _kernels[index].Run();

    private static void CheckSize(TfliteModel model)
    {
        var total = model.Tensors.Where(tensor => tensor.Data is null).Sum(tensor => (decimal)tensor.Count * tensor.Type.Size());
        if (total > MaxBytes)
            throw new DiagnosticException(Codes.TfliteModelInconsistent, $"the .tflite file asks for {total} bytes of tensors, the limit is {MaxBytes}. Export the model again.");
    }

    // Tables of places have what the arena leaves; weights in an order of the kernel's own: each constant a few times.
    private static long TablesOf(TfliteModel model, long arena) => MaxBytes - arena + (8 * model.Tensors.Select(tensor => tensor.Data).OfType<byte[]>().Distinct().Sum(data => (long)data.Length));

    // A constant may not be written, and nothing may be read before it was made.
    private static void CheckOrder(TfliteModel model)
    {
        var made = new bool[model.Tensors.Count];
        for (var i = 0; i < made.Length; i++)
            made[i] = model.Tensors[i].Data is not null || model.Tensors[i].Count == 0;
        foreach (var input in model.Inputs)
            Make(input, "an input of the graph");
        for (var k = 0; k < model.Operators.Count; k++)
        {
            foreach (var input in model.Operators[k].Inputs.Where(input => input >= 0 && !made[input]))
                throw Misordered(input, $"is read by operator {k} before it is made");
            foreach (var output in model.Operators[k].Outputs)
                Make(output, $"an output of operator {k}");
        }

        foreach (var output in model.Outputs.Where(output => !made[output]))
            throw Misordered(output, "is an output of the graph that nothing makes");

        void Make(int tensor, string role)
        {
            if (model.Tensors[tensor].Data is not null)
                throw Misordered(tensor, $"is a constant and {role}");
            if (made[tensor] && model.Tensors[tensor].Count > 0)
                throw Misordered(tensor, $"is made twice, at last as {role}");
            made[tensor] = true;
        }

        DiagnosticException Misordered(int tensor, string what) => new(
            Codes.TfliteModelInconsistent, $"the tensor '{model.Tensors[tensor].Name}' of the .tflite file {what}. Export the model again.");
    }
}
