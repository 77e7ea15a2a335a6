using System.Runtime.InteropServices;

namespace Sscma.TestSupport;

/// <summary>
/// The real TensorFlow Lite, by its C interface (version 2.9): one model, one thread, built-in kernels unless XNNPACK is asked for. The environment variable
/// SSCMA_TFLITE_LIBRARY names the library; <c>.ci/fetch-tflite</c> gets it.
/// </summary>
public sealed unsafe class TensorFlowLite : IDisposable
{
    private const string Variable = "SSCMA_TFLITE_LIBRARY";

    /// <summary>Whether the library is there.</summary>
    public static bool IsPresent => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    private static readonly Lazy<nint> Library = new(Load);

    // The library reads the model in place, so it must not move.
    private readonly byte[] _bytes;
    private readonly nint _model;
    private readonly nint _options;
    private readonly nint _interpreter;
    private readonly nint _delegate;

    /// <summary>Loads a model. Without the library the test ends as inconclusive.</summary>
    /// <param name="model">Bytes of the <c>.tflite</c> file.</param>
    /// <param name="xnnpack">Runs by XNNPACK what it can run, int8 included, instead of the built-in kernels. Its codes differ by a step here and there.</param>
    /// <exception cref="InvalidOperationException">TensorFlow Lite refuses the model.</exception>
    public TensorFlowLite(byte[] model, bool xnnpack = false)
    {
        if (!IsPresent)
            Assert.Inconclusive($"the TensorFlow Lite library is absent: set {Variable}");
        _bytes = GC.AllocateUninitializedArray<byte>(model.Length, pinned: true);
        model.CopyTo(_bytes, 0);
        fixed (byte* bytes = _bytes)
            _model = ((delegate* unmanaged<byte*, nuint, nint>)Function("TfLiteModelCreate"))(bytes, (nuint)_bytes.Length);
        if (_model == 0)
            throw new InvalidOperationException("TensorFlow Lite does not read the model");
        _options = ((delegate* unmanaged<nint>)Function("TfLiteInterpreterOptionsCreate"))();
        ((delegate* unmanaged<nint, int, void>)Function("TfLiteInterpreterOptionsSetNumThreads"))(_options, 1);
        if (xnnpack)
        {
            // TfLiteXNNPackDelegateOptions of 2.9: threads and flags. Without TFLITE_XNNPACK_DELEGATE_FLAG_QS8 it leaves int8 alone.
            var options = stackalloc int[] { 1, 1 };
            _delegate = ((delegate* unmanaged<int*, nint>)Function("TfLiteXNNPackDelegateCreate"))(options);
            ((delegate* unmanaged<nint, nint, void>)Function("TfLiteInterpreterOptionsAddDelegate"))(_options, _delegate);
        }

        _interpreter = ((delegate* unmanaged<nint, nint, nint>)Function("TfLiteInterpreterCreate"))(_model, _options);
        if (_interpreter == 0 || ((delegate* unmanaged<nint, int>)Function("TfLiteInterpreterAllocateTensors"))(_interpreter) != 0)
        {
            Dispose();
            throw new InvalidOperationException("TensorFlow Lite does not accept the model");
        }
    }

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">Raw elements of each input, in the model's order.</param>
    /// <returns>Raw elements of each output, in the model's order.</returns>
    public byte[][] Run(IReadOnlyList<byte[]> inputs)
    {
        for (var k = 0; k < inputs.Count; k++)
            Copy("TfLiteInterpreterGetInputTensor", k, "TfLiteTensorCopyFromBuffer", inputs[k]);
        if (((delegate* unmanaged<nint, int>)Function("TfLiteInterpreterInvoke"))(_interpreter) != 0)
            throw new InvalidOperationException("TensorFlow Lite does not run the model");

        var outputs = new byte[((delegate* unmanaged<nint, int>)Function("TfLiteInterpreterGetOutputTensorCount"))(_interpreter)][];
        for (var k = 0; k < outputs.Length; k++)
        {
            var tensor = ((delegate* unmanaged<nint, int, nint>)Function("TfLiteInterpreterGetOutputTensor"))(_interpreter, k);
            outputs[k] = new byte[((delegate* unmanaged<nint, nuint>)Function("TfLiteTensorByteSize"))(tensor)];
            Copy("TfLiteInterpreterGetOutputTensor", k, "TfLiteTensorCopyToBuffer", outputs[k]);
        }

        return outputs;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Delete("TfLiteInterpreterDelete", _interpreter);
        Delete("TfLiteInterpreterOptionsDelete", _options);
        Delete("TfLiteXNNPackDelegateDelete", _delegate);
        Delete("TfLiteModelDelete", _model);
    }

    private static void Delete(string function, nint thing)
    {
        if (thing != 0)
            ((delegate* unmanaged<nint, void>)Function(function))(thing);
    }

    private void Copy(string getTensor, int index, string copy, byte[] elements)
    {
        var tensor = ((delegate* unmanaged<nint, int, nint>)Function(getTensor))(_interpreter, index);
        fixed (byte* buffer = elements)
        {
            if (((delegate* unmanaged<nint, byte*, nuint, int>)Function(copy))(tensor, buffer, (nuint)elements.Length) != 0)
                throw new InvalidOperationException($"{copy} of tensor {index} with {elements.Length} bytes fails");
        }
    }

    private static nint Function(string name) => NativeLibrary.GetExport(Library.Value, name);

    private static nint Load() => NativeLibrary.Load(Path.GetFullPath(Environment.GetEnvironmentVariable(Variable)!));
}
