using System;
using System.Collections.Generic;
using System.Linq;

namespace Sscma.Build.Tasks.Models;

/// <summary>The files that an export writes: the .tflite file always, ONNX files beside it on request.</summary>
internal static class ExportFormats
{
    /// <summary>The file that is scored and embedded.</summary>
    public const string Tflite = "tflite";

    /// <summary>The float network as ONNX.</summary>
    public const string Onnx = "onnx";

    /// <summary>The integer network as ONNX.</summary>
    public const string OnnxQdq = "onnx-qdq";

    private const char Separator = ';';

    /// <summary>Every format, in the order in which they are written down.</summary>
    public static IReadOnlyList<string> Known { get; } = new[] { Tflite, Onnx, OnnxQdq };

    /// <summary>The formats of a text, each once; as they are written where they are not known.</summary>
    public static IReadOnlyList<string> Parse(string text)
    {
        var words = text.Split(Separator).Select(word => word.Trim()).Where(word => word.Length > 0).ToList();
        if (words.Count == 0)
            return new[] { Tflite };
        var unknown = words.Where(word => !Known.Contains(word, StringComparer.OrdinalIgnoreCase));
        return Known.Where(format => words.Contains(format, StringComparer.OrdinalIgnoreCase)).Concat(unknown).ToList();
    }

    /// <summary>One text for one choice, whatever the order and the letters that the user took.</summary>
    public static string Text(IEnumerable<string> formats) => string.Join(Separator.ToString(), formats);

    /// <summary>The ONNX files of a model, relative to its work folder: those that were asked for, by format.</summary>
    public static IEnumerable<KeyValuePair<string, string>> OnnxFiles(ResolvedModel model)
    {
        var formats = Parse(model["Formats"]);
        return Possible(model).Where(file => formats.Contains(file.Key));
    }

    /// <summary>The ONNX files that a model may have, by format. Their names differ from model.onnx, which the training leaves, whatever the model is called.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Possible(ResolvedModel model)
    {
        yield return new(Onnx, $"{model.Name}.float.onnx");
        yield return new(OnnxQdq, $"{model.Name}.qdq.onnx");
    }
}
