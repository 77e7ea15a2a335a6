namespace Sscma.Tflite;

/// <summary>How a window meets the border. The number is the schema's.</summary>
public enum Padding : sbyte
{
    /// <summary>The output has ceil(input / stride) positions; the missing border counts as real zero, the odd one at the end.</summary>
    Same = 0,

    /// <summary>Windows stay inside the input.</summary>
    Valid = 1,
}
