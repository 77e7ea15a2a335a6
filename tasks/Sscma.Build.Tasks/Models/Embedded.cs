using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Sscma.Build.Tasks.Models;

/// <summary>What of a proven model goes into the user's product, and under which names.</summary>
internal static class Embedded
{
    /// <summary>The folder below the model's work folder.</summary>
    public const string Folder = "embed";

    /// <summary>The folder of what Vela made of it.</summary>
    public const string VelaFolder = "vela";

    /// <summary>The ways to embed.</summary>
    public static IReadOnlyList<string> Ways { get; } = new[] { "CSharp", "C", "None" };

    /// <summary>How the bytes of a model come into a C program: in a source file, or by the assembler from the .tflite.</summary>
    public static IReadOnlyList<string> Arrays { get; } = new[] { "Source", "Incbin" };

    /// <summary>The files that go into a product, relative to the work folder. The proven model is always among them.</summary>
    public static IReadOnlyList<string> Files(ResolvedModel model) => model["EmbedAs"] switch
    {
        "CSharp" => new[] { Proven(model), Accessor(model) },
        "C" => new[] { Proven(model) }.Concat(CFiles(Folder, model.Name, model["CArray"])).ToList(),
        _ => new[] { Proven(model) },
    };

    /// <summary>Everything that the embed stage leaves, relative to the work folder.</summary>
    public static IReadOnlyList<string> Outputs(ResolvedModel model) => Files(model).Concat(new[] { ProvenanceFile.Name }).ToList();

    /// <summary>Removes what another class name or another way to embed has left: a build that looks for files would compile it.</summary>
    public static void RemoveOthers(ResolvedModel model)
    {
        var files = new HashSet<string>(Files(model).Select(model.PathOf).Select(Path.GetFullPath));
        foreach (var path in Directory.GetFiles(model.PathOf(Folder)).Where(path => !files.Contains(Path.GetFullPath(path))))
            File.Delete(path);
    }

    /// <summary>The copy of the .tflite that passed its gate.</summary>
    public static string Proven(ResolvedModel model) => $"{Folder}/{model.Tflite}";

    /// <summary>The generated C# class.</summary>
    public static string Accessor(ResolvedModel model) => $"{Folder}/{model["ClassName"]}.g.cs";

    /// <summary>The files of the Vela stage, relative to the work folder.</summary>
    public static IReadOnlyList<string> VelaFiles(ResolvedModel model)
    {
        var compiled = new[] { $"{VelaFolder}/{model.Name}_vela.tflite" };
        return model["EmbedAs"] == "C" ? compiled.Concat(CFiles(VelaFolder, $"{model.Name}_vela", model["CArray"])).ToList() : compiled;
    }

    /// <summary>The files of a .tflite for C and C++.</summary>
    public static IEnumerable<string> CFiles(string folder, string name, string array) =>
        new[] { ".h", "_postprocess.h", ".cc", ".S" }.Where(end => end != ".S" || array == "Incbin").Select(end => $"{folder}/{name}{end}");

    /// <summary>What a model's C names begin with: the worker makes the same of a name.</summary>
    public static string Symbol(string model)
    {
        var symbol = string.Concat(model.Select(letter => char.IsLetterOrDigit(letter) ? letter : '_'));
        return char.IsDigit(symbol[0]) ? $"model_{symbol}" : symbol;
    }

    /// <summary>The class name for a model's name: mask_detector gives MaskDetector.</summary>
    public static string ClassName(string model)
    {
        var name = new StringBuilder();
        foreach (var word in model.Split('_', '-', '.').Where(word => word.Length > 0))
            name.Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
        return name.Length == 0 || char.IsDigit(name[0]) ? $"Model{name}" : name.ToString();
    }

    /// <summary>Whether a text can be a C# name, with dots for a namespace.</summary>
    public static bool IsName(string text, bool dots) =>
        (dots ? text.Split('.') : new[] { text }).All(part =>
            part.Length > 0 && (char.IsLetter(part[0]) || part[0] == '_') && part.All(letter => char.IsLetterOrDigit(letter) || letter == '_') && !Keywords.Contains(part));

    private static readonly HashSet<string> Keywords = new(
        ("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false "
        + "finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override params private "
        + "protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked "
        + "unsafe ushort using virtual void volatile while").Split(' '));
}
