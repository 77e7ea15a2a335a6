using Sscma.Diagnostics;

namespace Sscma.Tflite.Detection;

/// <summary>
/// The detectors that can be run and decoded here: int8 and uint8 files as the firmware accepts them, and int16 or float32 ones with the
/// same outputs, for other runtimes.
/// </summary>
internal static class DetectorFormat
{
    /// <summary>The layout of a sound model.</summary>
    /// <exception cref="DiagnosticException">SSCMA3104: what is wrong with it.</exception>
    public static DetectorLayout Require(TfliteModel model)
    {
        var violations = Check(model);
        return violations.Count == 0 ? DetectorLayout.Find(model, [])! : throw Broken(violations);
    }

    /// <summary>Everything for which a model cannot be run here, one sentence each.</summary>
    public static IReadOnlyList<string> Check(TfliteModel model)
    {
        if (NetworkMetadata.IsIn(model))
            return ["its metadata says that it is a plain network, whose outputs have no known meaning"];
        if (!IsWide(model))
            return SscmaMicroContract.Check(model);
        var violations = new List<string>();
        FindLayout(model, violations);
        return violations;
    }

    /// <summary>The layout of a model whose outputs can be read, or null and what keeps it from being read.</summary>
    public static DetectorLayout? FindLayout(TfliteModel model, List<string> violations)
    {
        if (!IsWide(model))
            return SscmaMicroContract.FindLayout(model, violations);
        if (DetectorLayout.Find(model, violations) is not { } layout)
            return null;
        var input = layout.Input;
        if (input.Type == TensorType.Int16 && (input.Quantization is not { Scales: [var scale], ZeroPoints: [0] } || Math.Abs((scale * 255) - 1) > 1e-5))
            violations.Add("its int16 input must have the scale 1/255 and the zero point 0: the code is the pixel");
        foreach (var output in Enumerable.Range(0, model.Outputs.Length).Select(layout.Output).Where(output => output.Type != input.Type || !TensorReals.CanRead(output)))
            violations.Add($"its output '{output.Name}' is {output.Type}, expected {input.Type}, quantized with one scale if it is no float");
        return violations.Count == 0 ? layout : null;
    }

    /// <summary>Whether a sound detector is one for the firmware: int8 or uint8.</summary>
    public static bool RunsOnDevice(DetectorLayout layout) => !IsWide(layout.Model);

    /// <summary>The one error of a file that is no detector.</summary>
    public static DiagnosticException Broken(IReadOnlyList<string> violations) => new(
        Codes.FirmwareContractBroken,
        $"the .tflite file is no RTMDet detector for SSCMA-Micro: {string.Join("; ", violations)}. Give a file made by the export.");

    private static bool IsWide(TfliteModel model) => model.Inputs is [var input] && (model.Tensors[input].Type is TensorType.Int16 or TensorType.Float32);
}
