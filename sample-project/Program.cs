using HardwareParts;
using SkiaSharp;
using Sscma.Detection;
using Sscma.Tflite.Detection;

// Finds bolts, nuts and washers in a photograph with the detector that the build trained and embedded.
if (args is not [var path, ..] || args.Length > 2 || path is "-h" or "--help")
    return Complain("usage: HardwareParts <image> [output.png]");
if (!File.Exists(path))
    return Complain($"there is no file '{path}'");
using var photo = Photo.Read(path);
if (photo is null)
    return Complain($"'{path}' is not an image that can be read (JPEG, PNG, WebP, BMP or GIF)");

var detector = new TfliteDetector(PartsDetector.ModelBytes);
var options = new DecodeOptions { ScoreThreshold = 0.45f, IouThreshold = 0.5f };
var found = detector.Detect(Photo.Rgb(photo), photo.Width, photo.Height, options);

Console.WriteLine($"{found.Count} part{(found.Count == 1 ? "" : "s")} in {path} ({photo.Width}x{photo.Height}):");
foreach (var part in found)
{
    var box = part.Box;
    Console.WriteLine(FormattableString.Invariant(
        $"  {detector.Labels[part.ClassIndex],-8} {part.Score:0.00}  x {box.X1,6:0.0}  y {box.Y1,6:0.0}  width {box.Width,6:0.0}  height {box.Height,6:0.0}"));
}

var output = args.Length == 2 ? args[1] : path + ".detected.png";
try
{
    using var picture = Markup.Draw(photo, found, detector.Labels);
    using var png = picture.Encode(SKEncodedImageFormat.Png, 100);
    using var file = File.Create(output);
    png.SaveTo(file);
}
catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
{
    return Complain($"'{output}' cannot be written: {problem.Message}");
}

Console.WriteLine($"drawn into {output}");
return 0;

static int Complain(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}
