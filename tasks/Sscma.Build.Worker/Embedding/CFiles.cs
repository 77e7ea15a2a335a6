using System.Text;

namespace Sscma.Build.Worker.Embedding;

/// <summary>The files of EmbedAs="C".</summary>
internal static class CFiles
{
    /// <summary>Names and contents.</summary>
    /// <param name="model">The model.</param>
    /// <param name="incbin">Whether the assembler takes the bytes from the .tflite beside; else they stand in the C++ file.</param>
    public static IEnumerable<KeyValuePair<string, byte[]>> Of(ProvenModel model, bool incbin)
    {
        yield return File($"{model.Name}.h", CHeader.Text(model));
        yield return File($"{model.Name}_postprocess.h", model is ProvenDetector detector ? CPostprocess.Text(detector) : CNetwork.Postprocess(model));
        yield return File($"{model.Name}.cc", incbin ? CSource.WithoutArray(model) : CSource.WithArray(model));
        if (incbin)
            yield return File($"{model.Name}.S", CSource.Assembly(model));
    }

    private static KeyValuePair<string, byte[]> File(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));
}
