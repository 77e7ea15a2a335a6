using Sscma.Diagnostics;
using Sscma.Tensors;
using Sscma.Training.Network;

namespace Sscma.Training.Weights;

/// <summary>A detector's numbers as a safetensors file under the reference's names.</summary>
public static class WeightFile
{
    /// <summary>Writes a detector's numbers, atomically. Equal numbers give equal bytes.</summary>
    public static void Save(string path, ParameterStore parameters) => SafeTensors.Write(path, parameters.Export());

    /// <summary>Reads numbers into a detector of the same network.</summary>
    /// <exception cref="DiagnosticException">SSCMA2005: the file is not sound or belongs to another network; SSCMA9002: it cannot be read.</exception>
    public static void Load(string path, ParameterStore parameters)
    {
        try
        {
            parameters.Import(SafeTensors.Read(path));
        }
        catch (InvalidDataException problem)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.WeightsMismatch, $"these weights cannot be used: {problem.Message}", path), problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(Diagnostic.Error(Codes.FileAccess, $"the weights cannot be read: {problem.Message}", path), problem);
        }
    }
}
