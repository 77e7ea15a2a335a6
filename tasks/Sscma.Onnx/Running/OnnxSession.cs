using Microsoft.ML.OnnxRuntime;
using Sscma.Diagnostics;
using Sscma.Natives;

namespace Sscma.Onnx;

/// <summary>
/// Runs a model with ONNX Runtime on the CPU, operators one after another. On one machine, the same model, input and
/// number of threads give the same bits.
/// </summary>
public sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run;
    private readonly string _input;
    private readonly string[] _outputs;

    /// <summary>Loads a model with one float input.</summary>
    /// <param name="model">The model.</param>
    /// <param name="threads">Threads inside one operator.</param>
    /// <param name="exactBytes">
    /// Of a quantized model: takes products of bytes that do not saturate on x64 processors without VNNI instructions either. Weights with a scale for each
    /// channel must have zero points then.
    /// </param>
    /// <exception cref="DiagnosticException">SSCMA3002: ONNX Runtime refuses the model.</exception>
    public OnnxSession(OnnxModel model, int threads = 1, bool exactBytes = false)
    {
        NativeLibraries.UseOnnxRuntime();
        _run = new RunOptions();
        var constants = model.Initializers.Select(constant => constant.Name).ToHashSet();
        _input = model.Inputs.Select(input => input.Name).Single(name => !constants.Contains(name));
        _outputs = [.. model.Outputs.Select(output => output.Name)];
        using var options = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.use_deterministic_compute", "1");
        if (exactBytes)
            options.AddSessionConfigEntry("session.x64quantprecision", "1");
        try
        {
            _session = new InferenceSession(OnnxFile.Serialize(model), options);
        }
        catch (OnnxRuntimeException problem)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.OnnxRefused, $"ONNX Runtime refuses the model: {problem.Message}"), problem);
        }
    }

    /// <summary>Names of the outputs, in the order of the model.</summary>
    public IReadOnlyList<string> Outputs => _outputs;

    /// <summary>Loads a copy of the model whose outputs are these values, in this order: what calibration needs.</summary>
    /// <param name="model">The model; left as it is.</param>
    /// <param name="names">Results of its nodes, all float.</param>
    /// <param name="threads">Threads inside one operator.</param>
    /// <exception cref="DiagnosticException">SSCMA3002: ONNX Runtime refuses the model.</exception>
    public static OnnxSession WithValues(OnnxModel model, IEnumerable<string> names, int threads = 1)
    {
        var copy = model.Copy();
        var declared = copy.Outputs.ToDictionary(output => output.Name);
        copy.Outputs.Clear();
        foreach (var name in names)
            copy.Outputs.Add(declared.GetValueOrDefault(name) ?? new OnnxValueInfo(name, OnnxType.Float, null));
        return new OnnxSession(copy, threads);
    }

    /// <summary>Runs the model; results come in the order of <see cref="Outputs"/>.</summary>
    /// <param name="input">The input, row-major.</param>
    /// <param name="shape">Its shape, e.g. (N, 3, H, W).</param>
    public IReadOnlyList<OnnxTensor> Run(float[] input, params long[] shape)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(input, shape);
        using var results = _session.Run(_run, [_input], [value], _outputs);
        var tensors = new OnnxTensor[_outputs.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            var result = results[i];
            tensors[i] = OnnxTensor.From(_outputs[i], result.GetTensorDataAsSpan<float>(), result.GetTensorTypeAndShape().Shape);
        }

        return tensors;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }
}
