using System.Text.Json;
using Sscma.TestSupport;

namespace Sscma.Coco.Tests;

/// <summary>One folder of tests/data/datasets-bad as its manifest describes it.</summary>
public sealed record BadDatasetCase(string Name, string Outcome, int Images, int Boxes, int ImagesIfRead, int BoxesIfRead)
{
    public string Train => TestPaths.Data("datasets-bad", Name, "train");

    public static IReadOnlyList<BadDatasetCase> All { get; } = Read();

    private static List<BadDatasetCase> Read()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(TestPaths.Data("datasets-bad", "manifest.json")));
        return [.. manifest.RootElement.GetProperty("cases").EnumerateArray().Select(From)];
    }

    private static BadDatasetCase From(JsonElement entry)
    {
        int Number(string name, int otherwise) => entry.TryGetProperty(name, out var value) ? value.GetInt32() : otherwise;
        var images = Number("train_images", -1);
        var boxes = Number("train_boxes", -1);
        return new BadDatasetCase(
            entry.GetProperty("name").GetString()!, entry.GetProperty("outcome").GetString()!, images, boxes,
            Number("train_images_if_read", images), Number("train_boxes_if_read", boxes));
    }
}
