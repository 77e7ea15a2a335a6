using System.Text;
using System.Text.Json;
using Sscma.Diagnostics;
using static Sscma.Coco.AnnotationDocument;

namespace Sscma.Coco;

/// <summary>
/// Reads the JSON of an annotation file. Fields that are not needed are skipped unread; every complaint names line and column.
/// The walk keeps no stack of its own, and the nesting is bounded, so no input can exhaust it.
/// </summary>
internal ref struct AnnotationReader
{
    private const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _text;
    private readonly string _file;
    private Utf8JsonReader _json;

    private AnnotationReader(ReadOnlySpan<byte> text, string file)
    {
        _text = text;
        _file = file;
        _json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="DiagnosticException">SSCMA1002, 1004, 1005: no JSON, too deep, a wrong field.</exception>
    public static AnnotationDocument Read(ReadOnlySpan<byte> text, string file)
    {
        var reader = new AnnotationReader(text, file);
        try
        {
            return reader.ReadDocument();
        }
        catch (JsonException problem)
        {
            throw reader.Broken(problem);
        }
    }

    private AnnotationDocument ReadDocument()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
            throw Wrong($"the file holds {Kind()} where an object with images, annotations and categories was expected");
        var document = new AnnotationDocument();
        bool images = false, annotations = false, categories = false;
        while (NextField())
        {
            if (IsField("images"))
                (document.Images, images) = (ReadImages(), true);
            else if (IsField("annotations"))
                (document.Annotations, annotations) = (ReadAnnotations(), true);
            else if (IsField("categories"))
                (document.Categories, categories) = (ReadCategories(), true);
            else
                _json.Skip();
        }

        var absent = (images, annotations, categories) switch { (false, _, _) => "images", (_, false, _) => "annotations", (_, _, false) => "categories", _ => null };
        if (absent is not null)
            throw Wrong($"the file has no list \"{absent}\"");
        _json.Read(); // Anything but blanks behind the object is an error, which this finds.
        return document;
    }

    private List<ImageEntry> ReadImages()
    {
        var images = new List<ImageEntry>();
        EnterList("images");
        while (NextEntry("images", out var offset))
        {
            long? id = null;
            string? name = null;
            double width = 0, height = 0;
            while (NextField())
            {
                if (IsField("id"))
                    id = Integer("the image's id");
                else if (IsField("file_name"))
                    name = Text("the image's file_name");
                else if (IsField("width"))
                    width = Number("the image's width") ?? 0;
                else if (IsField("height"))
                    height = Number("the image's height") ?? 0;
                else
                    _json.Skip();
            }

            images.Add(new ImageEntry(id ?? throw Absent("image", "id", offset), name ?? throw Absent("image", "file_name", offset), width, height, offset));
        }

        return images;
    }

    private List<CategoryEntry> ReadCategories()
    {
        var categories = new List<CategoryEntry>();
        EnterList("categories");
        while (NextEntry("categories", out var offset))
        {
            long? id = null;
            string? name = null;
            while (NextField())
            {
                if (IsField("id"))
                    id = Integer("the category's id");
                else if (IsField("name"))
                    name = Text("the category's name");
                else
                    _json.Skip();
            }

            categories.Add(new CategoryEntry(id ?? throw Absent("category", "id", offset), name ?? throw Absent("category", "name", offset), offset));
        }

        return categories;
    }

    private List<AnnotationEntry> ReadAnnotations()
    {
        var annotations = new List<AnnotationEntry>();
        EnterList("annotations");
        while (NextEntry("annotations", out var offset))
        {
            long? id = null, image = null, category = null;
            double? area = null;
            var crowd = false;
            var state = BoxState.Missing;
            (double X, double Y, double Width, double Height) box = default;
            while (NextField())
            {
                if (IsField("id"))
                    id = Integer("the annotation's id");
                else if (IsField("image_id"))
                    image = Integer("the annotation's image_id");
                else if (IsField("category_id"))
                    category = Integer("the annotation's category_id");
                else if (IsField("bbox"))
                    state = ReadBox(out box);
                else if (IsField("area"))
                    area = Number("the annotation's area");
                else if (IsField("iscrowd"))
                    crowd = Flag("the annotation's iscrowd");
                else
                    _json.Skip();
            }

            annotations.Add(new AnnotationEntry(
                new CocoAnnotation(
                    id ?? throw Absent("annotation", "id", offset),
                    image ?? throw Absent("annotation", "image_id", offset),
                    category ?? throw Absent("annotation", "category_id", offset),
                    box.X, box.Y, box.Width, box.Height, area ?? box.Width * box.Height, crowd),
                state,
                offset));
        }

        return annotations;
    }

    private BoxState ReadBox(out (double X, double Y, double Width, double Height) box)
    {
        box = default;
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null)
            return BoxState.Missing;
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            _json.Skip();
            return BoxState.Malformed;
        }

        Span<double> numbers = stackalloc double[4];
        var count = 0;
        var sound = true;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            var value = double.NaN;
            sound &= count < 4 && _json.TokenType == JsonTokenType.Number && _json.TryGetDouble(out value) && double.IsFinite(value);
            if (sound)
                numbers[count] = value;
            count++;
            _json.Skip();
        }

        if (!sound || count != 4)
            return BoxState.Malformed;
        box = (numbers[0], numbers[1], numbers[2], numbers[3]);
        return BoxState.Numbers;
    }

    private void EnterList(string name)
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartArray)
            throw Wrong($"\"{name}\" is {Kind()} where a list was expected");
    }

    private bool NextEntry(string list, out int offset)
    {
        _json.Read();
        offset = (int)_json.TokenStartIndex;
        if (_json.TokenType == JsonTokenType.EndArray)
            return false;
        return _json.TokenType == JsonTokenType.StartObject ? true : throw Wrong($"\"{list}\" holds {Kind()} where an object was expected");
    }

    private bool NextField() => _json.Read() && _json.TokenType == JsonTokenType.PropertyName;

    private readonly bool IsField(string name)
    {
        // A name with escapes is compared as written: no field of the format needs any, and half a surrogate pair cannot trip it.
        return !_json.ValueIsEscaped && _json.ValueTextEquals(name);
    }

    private long Integer(string what)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Number)
        {
            if (_json.TryGetInt64(out var value))
                return value;
            if (_json.TryGetDouble(out var real) && Math.Abs(real) < 1L << 53 && Math.Truncate(real) == real)
                return (long)real;
        }

        throw Wrong($"{what} is {Kind()} where a whole number was expected");
    }

    private double? Number(string what)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null)
            return null;
        if (_json.TokenType == JsonTokenType.Number && _json.TryGetDouble(out var value) && double.IsFinite(value))
            return value;
        throw Wrong($"{what} is {Kind()} where a number was expected");
    }

    private bool Flag(string what)
    {
        _json.Read();
        return _json.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False or JsonTokenType.Null => false,
            JsonTokenType.Number when _json.TryGetInt64(out var value) && value is 0 or 1 => _json.GetInt64() == 1,
            _ => throw Wrong($"{what} is {Kind()} where 0 or 1 was expected"),
        };
    }

    private string Text(string what)
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.String)
            throw Wrong($"{what} is {Kind()} where a text was expected");
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong($"{what} is no valid Unicode text (half of a surrogate pair)");
        }
    }

    private readonly string Kind() => _json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => $"the number {Encoding.UTF8.GetString(_json.ValueSpan[..Math.Min(40, _json.ValueSpan.Length)])}",
        JsonTokenType.Null => "null",
        _ => _json.TokenType.ToString().ToLowerInvariant(),
    };

    private readonly DiagnosticException Absent(string entry, string field, int offset) => At(Codes.AnnotationFieldWrong, $"this {entry} has no \"{field}\". Add it.", offset);

    private readonly DiagnosticException Wrong(string message) => At(Codes.AnnotationFieldWrong, $"{message}. Write it as the COCO format wants it.", (int)_json.TokenStartIndex);

    private readonly DiagnosticException Broken(JsonException problem)
    {
        var offset = TextPosition.OffsetOf(_text, problem.LineNumber ?? 0, problem.BytePositionInLine ?? 0);
        var rest = _text[offset..].TrimStart(" \t\r\n"u8);
        if (rest.IsEmpty)
            return At(Codes.AnnotationJsonBroken, "the JSON ends too early: the file is cut short. Copy or export it again.", offset);
        if (_json.CurrentDepth >= MaxDepth - 1 && rest[0] is (byte)'[' or (byte)'{')
            return At(Codes.AnnotationTooDeep, $"the JSON is nested deeper than {MaxDepth} levels. Remove the field that is.", offset);
        if (NumberThatIsNone(offset) is { } token)
            return At(Codes.AnnotationJsonBroken, $"{token} is not JSON: a number was expected. Correct or remove the annotation.", offset);
        return At(Codes.AnnotationJsonBroken, $"the JSON is broken here, at '{Excerpt(rest)}'. Correct it, or export the file again.", offset);
    }

    private readonly string? NumberThatIsNone(int offset)
    {
        // The reader stops at the minus sign or behind it.
        var rest = _text[(offset > 0 && _text[offset - 1] == (byte)'-' ? offset - 1 : offset)..];
        foreach (var token in new[] { "NaN", "Infinity", "-Infinity", "-NaN", "nan", "inf", "-inf" })
        {
            if (rest.StartsWith(Encoding.ASCII.GetBytes(token)))
                return token;
        }

        return null;
    }

    private static string Excerpt(ReadOnlySpan<byte> rest)
    {
        var text = Encoding.UTF8.GetString(rest[..Math.Min(rest.Length, 24)]);
        return new string([.. text.TakeWhile(letter => !char.IsControl(letter) && letter != '\uFFFD')]);
    }

    private readonly DiagnosticException At(string code, string message, int offset)
    {
        var (line, column) = TextPosition.Of(_text, offset);
        return new DiagnosticException(code, message, _file, line, column);
    }
}
