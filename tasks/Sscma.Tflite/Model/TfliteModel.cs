namespace Sscma.Tflite;

/// <summary>A model of one graph: what a <c>.tflite</c> file says, without the file's layout.</summary>
public sealed record TfliteModel
{
    /// <summary>Who made the file, for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>Every tensor; operators, inputs and outputs point into this list.</summary>
    public required IReadOnlyList<TfliteTensor> Tensors { get; init; }

    /// <summary>In the order in which they run: an operator's inputs are made before it.</summary>
    public required IReadOnlyList<TfliteOperator> Operators { get; init; }

    /// <summary>Tensors that are fed.</summary>
    public required int[] Inputs { get; init; }

    /// <summary>Tensors that are asked for.</summary>
    public required int[] Outputs { get; init; }

    /// <summary>Named attachments, such as <see cref="SscmaMetadata.EntryName"/>.</summary>
    public IReadOnlyDictionary<string, byte[]> Metadata { get; init; } = new Dictionary<string, byte[]>();
}
