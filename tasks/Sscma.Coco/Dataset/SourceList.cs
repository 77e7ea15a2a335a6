namespace Sscma.Coco;

/// <summary>The places of a dataset that is spread over many files. What a reader calls an offset is an index into this list.</summary>
internal sealed class SourceList
{
    private readonly List<SourcePlace> _places = [];

    /// <summary>The place of an offset.</summary>
    public SourcePlace this[int offset] => _places[offset];

    /// <summary>Adds a place and gives its offset.</summary>
    public int Add(string file, int line = 0)
    {
        _places.Add(new SourcePlace(file, line));
        return _places.Count - 1;
    }
}
