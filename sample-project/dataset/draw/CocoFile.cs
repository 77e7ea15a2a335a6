using System.Globalization;
using System.Text;

namespace HardwareParts.Drawing;

/// <summary>Writes annotations in the COCO layout, one image or object per line so that a diff can be read.</summary>
internal sealed class CocoFile(int side)
{
    private readonly List<string> _images = [];
    private readonly List<string> _objects = [];

    public void AddImage(string fileName, IEnumerable<Box> boxes)
    {
        var image = _images.Count + 1;
        _images.Add($$"""{ "id": {{image}}, "file_name": "{{fileName}}", "width": {{side}}, "height": {{side}} }""");
        foreach (var box in boxes)
        {
            _objects.Add(string.Create(CultureInfo.InvariantCulture,
                $$"""{ "id": {{_objects.Count + 1}}, "image_id": {{image}}, "category_id": {{box.Kind + 1}}, "bbox": [{{box.Left}}, {{box.Top}}, {{box.Width}}, {{box.Height}}], "area": {{box.Width * box.Height}}, "iscrowd": 0 }"""));
        }
    }

    public void Write(string path)
    {
        var categories = Parts.Names.Select((name, index) => $$"""{ "id": {{index + 1}}, "name": "{{name}}", "supercategory": "part" }""");
        var text = new StringBuilder("{\n");
        text.Append("""  "info": { "description": "Small hardware parts on a workbench, drawn by a program", "version": "1" },""").Append('\n');
        text.Append("""  "licenses": [{ "id": 1, "name": "Apache-2.0" }],""").Append('\n');
        Append(text, "categories", categories).Append(",\n");
        Append(text, "images", _images).Append(",\n");
        Append(text, "annotations", _objects).Append("\n}\n");
        File.WriteAllText(path, text.ToString());
    }

    private static StringBuilder Append(StringBuilder text, string name, IEnumerable<string> rows) =>
        text.Append($"  \"{name}\": [\n    ").AppendJoin(",\n    ", rows).Append("\n  ]");
}
