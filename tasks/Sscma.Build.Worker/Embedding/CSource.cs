using System.Globalization;
using System.Text;

namespace Sscma.Build.Worker.Embedding;

/// <summary>What belongs to the header: the file's bytes, as an array or by the assembler, and the labels.</summary>
internal static class CSource
{
    private const int BytesPerLine = 16;

    /// <summary>A C++ file with the bytes as a 16-byte aligned array and the labels.</summary>
    public static string WithArray(ProvenModel model)
    {
        var (symbol, macro) = (CText.Symbol(model.Name), CText.Macro(model.Name));
        var text = Head(model, model.Bytes.Length * 5);
        text.Append("alignas(16) const unsigned char ").Append(symbol).Append("_tflite[").Append(macro).Append("_BYTES] = {");
        for (var i = 0; i < model.Bytes.Length; i++)
        {
            text.Append(i % BytesPerLine == 0 ? "\n  " : " ");
            text.Append(CultureInfo.InvariantCulture, $"0x{model.Bytes[i]:x2},");
        }

        text.Append("\n};\n\nconst unsigned int ").Append(symbol).Append("_tflite_size = ").Append(macro).Append("_BYTES;\n\n");
        return AddLabels(text, model).ToString();
    }

    /// <summary>A C++ file with the labels only.</summary>
    public static string WithoutArray(ProvenModel model) => AddLabels(Head(model, 0), model).ToString();

    /// <summary>
    /// An assembler file that takes the bytes from the .tflite beside it: the compiler reads nothing, however large the file is.
    /// For the assemblers of GCC and Clang, ELF and Mach-O, and COFF with them.
    /// </summary>
    public static string Assembly(ProvenModel model)
    {
        var (symbol, macro) = (CText.Symbol(model.Name), CText.Macro(model.Name));
        return $"""
            // Made by Sscma.Build from the model '{model.Name}'. Changes are overwritten by the next build.
            // SHA-256 {model.Sha256}
            //
            // The assembler looks for the file in its working folder and in the folders of -I, as for a header;
            // or say where it is: -D{macro}_TFLITE_FILE='"/folder/{model.Name}.tflite"'
            #ifndef {macro}_TFLITE_FILE
            #define {macro}_TFLITE_FILE "{model.Name}.tflite"
            #endif

            // C names get a prefix in object files of some systems: _ on macOS.
            #ifndef __USER_LABEL_PREFIX__
            #define __USER_LABEL_PREFIX__
            #endif
            #define SSCMA_JOIN_(prefix, name) prefix##name
            #define SSCMA_JOIN(prefix, name) SSCMA_JOIN_(prefix, name)
            #define SSCMA_TFLITE SSCMA_JOIN(__USER_LABEL_PREFIX__, {symbol}_tflite)
            #define SSCMA_TFLITE_SIZE SSCMA_JOIN(__USER_LABEL_PREFIX__, {symbol}_tflite_size)

            #if defined(__APPLE__)
              .section __TEXT,__const
            #elif defined(_WIN32)
              .section .rdata,"dr"
            #else
              .section .rodata.{symbol}_tflite,"a",%progbits
            #endif

              .globl SSCMA_TFLITE
              .balign 16
            SSCMA_TFLITE:
              .incbin {macro}_TFLITE_FILE
            .L{symbol}_tflite_end:

              .globl SSCMA_TFLITE_SIZE
              .balign 4
            SSCMA_TFLITE_SIZE:
              .long .L{symbol}_tflite_end - SSCMA_TFLITE

            #if defined(__ELF__)
              .type SSCMA_TFLITE, %object
              .size SSCMA_TFLITE, .L{symbol}_tflite_end - SSCMA_TFLITE
              .type SSCMA_TFLITE_SIZE, %object
              .size SSCMA_TFLITE_SIZE, 4
              .section .note.GNU-stack,"",%progbits
            #endif

            """.ReplaceLineEndings("\n");
    }

    private static StringBuilder Head(ProvenModel model, int room) => new StringBuilder(room + 1024)
        .Append("// Made by Sscma.Build from the model '").Append(model.Name).Append("'. Changes are overwritten by the next build.\n")
        .Append("#include \"").Append(model.Name).Append(".h\"\n\n");

    private static StringBuilder AddLabels(StringBuilder text, ProvenModel model)
    {
        if (model.Labels.Count == 0)
            return text;
        text.Append("const char* const ").Append(CText.Symbol(model.Name)).Append("_labels[").Append(CText.Macro(model.Name)).Append("_LABEL_COUNT] = {\n");
        foreach (var label in model.Labels)
            text.Append("  ").Append(CText.Literal(label)).Append(",\n");
        return text.Append("};\n");
    }
}
