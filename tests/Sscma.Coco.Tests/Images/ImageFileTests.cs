using Sscma.Diagnostics;
using Sscma.TestSupport;

namespace Sscma.Coco.Tests;

[TestClass]
public sealed class ImageFileTests
{
    /// <summary>Mean difference per channel to the sound JPEG, in steps of 255: recompression and colour conversion, nothing more.</summary>
    [TestMethod]
    [DataRow("image-jpeg-exif-rotated", ".jpg", 3)]
    [DataRow("image-png-16bit", ".png", 4)]
    [DataRow("image-png-alpha", ".png", 4)]
    public void All_four_pictures_look_like_the_control(string name, string extension, double tolerance)
    {
        for (var i = 1; i <= 4; i++)
        {
            var picture = ImageFile.Decode(TestPaths.Data("datasets-bad", name, "train", $"000{i}{extension}"));
            Assert.IsLessThan(tolerance, Difference(Control(i), picture), $"{i}");
        }
    }

    [TestMethod]
    public void Sixteen_bits_become_eight_without_loss_of_more_than_a_step()
    {
        // Both folders were made from the same pictures before these became the control's JPEG files.
        for (var i = 1; i <= 4; i++)
        {
            var deep = ImageFile.Decode(TestPaths.Data("datasets-bad", "image-png-16bit", "train", $"000{i}.png"));
            var alpha = ImageFile.Decode(TestPaths.Data("datasets-bad", "image-png-alpha", "train", $"000{i}.png"));
            for (var j = 0; j < deep.Pixels.Length; j++)
                Assert.IsLessThanOrEqualTo(1, Math.Abs(deep.Pixels[j] - alpha.Pixels[j]));
        }
    }

    [TestMethod]
    public void A_cmyk_jpeg_without_the_mark_of_adobe_is_refused()
    {
        var bytes = File.ReadAllBytes(TestPaths.Data("datasets-bad", "image-jpeg-cmyk", "train", "0002.jpg"));
        var mark = bytes.AsSpan().IndexOf("Adobe"u8);
        "Other"u8.CopyTo(bytes.AsSpan(mark));
        var path = Path.Combine(TestPaths.Scratch(), "picture.jpg");
        File.WriteAllBytes(path, bytes);
        Action<string>[] readings = [file => ImageFile.Decode(file), file => ImageFile.Inspect(file)];
        foreach (var read in readings)
        {
            var problem = Assert.ThrowsExactly<DiagnosticException>(() => read(path));
            Assert.AreEqual(Codes.ImageUnreadable, problem.Diagnostic.Code);
            Assert.Contains("CMYK", problem.Diagnostic.Message);
        }
    }

    [TestMethod]
    [DataRow("image-jpeg-cmyk", 8)]
    [DataRow("image-gif-named-jpg", 8)]
    public void The_second_picture_looks_like_the_control(string name, double tolerance) =>
        Assert.IsLessThan(tolerance, Difference(Control(2), ImageFile.Decode(TestPaths.Data("datasets-bad", name, "train", "0002.jpg"))));

    [TestMethod]
    public void Grey_is_repeated_into_three_equal_channels()
    {
        var picture = ImageFile.Decode(TestPaths.Data("datasets-bad", "image-grayscale", "train", "0001.jpg"));
        var control = Control(1);
        var difference = 0.0;
        for (var i = 0; i < picture.Pixels.Length; i += 3)
        {
            Assert.AreEqual(picture.Pixels[i], picture.Pixels[i + 1]);
            Assert.AreEqual(picture.Pixels[i], picture.Pixels[i + 2]);
            difference += Math.Abs(picture.Pixels[i] - ((0.299 * control.Pixels[i]) + (0.587 * control.Pixels[i + 1]) + (0.114 * control.Pixels[i + 2])));
        }

        Assert.IsLessThan(4, difference * 3 / picture.Pixels.Length);
    }

    [TestMethod]
    public void A_jpeg_that_is_cut_short_is_an_error()
    {
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => ImageFile.Decode(TestPaths.Data("datasets-bad", "image-jpeg-truncated", "train", "0002.jpg")));
        Assert.AreEqual(Codes.ImageCutShort, problem.Diagnostic.Code);
    }

    [TestMethod]
    public void A_jpeg_is_decoded_at_a_reduced_size_that_still_holds_the_asked_side()
    {
        var path = TestPaths.Data("datasets-bad", "control", "train", "0001.jpg");
        var half = ImageFile.DecodeFitting(path, 80);
        Assert.AreEqual((80, 60), (half.Width, half.Height));
        Assert.IsLessThan(4, Difference(ImageResizer.Bilinear(Control(1), 80, 60), half));
        var above = ImageFile.DecodeFitting(path, 81);
        Assert.IsGreaterThanOrEqualTo(81, above.Width);
        Assert.IsLessThan(160, above.Width);
        Assert.AreEqual(160, ImageFile.DecodeFitting(path, 161).Width);
    }

    [TestMethod]
    public void The_size_is_that_of_the_upright_picture()
    {
        for (var i = 1; i <= 4; i++)
        {
            Assert.AreEqual((160, 120), ImageFile.ReadSize(TestPaths.Data("datasets-bad", "image-jpeg-exif-rotated", "train", $"000{i}.jpg")));
            Assert.AreEqual((160, 120), ImageFile.Inspect(TestPaths.Data("datasets-bad", "image-jpeg-exif-rotated", "train", $"000{i}.jpg")));
        }
    }

    [TestMethod]
    [DataRow("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "git lfs pull")]
    [DataRow("<!DOCTYPE html><html></html>", "HTML")]
    [DataRow("plain words", "706C61696E20776F")]
    public void Foreign_content_is_named(string content, string fragment)
    {
        var path = Path.Combine(TestPaths.Scratch(), "picture.jpg");
        File.WriteAllText(path, content);
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => ImageFile.Inspect(path));
        Assert.AreEqual(Codes.ImageUnreadable, problem.Diagnostic.Code);
        Assert.Contains(fragment, problem.Diagnostic.Message);
        Assert.AreEqual(path, problem.Diagnostic.File);
    }

    [TestMethod]
    public void A_header_without_a_picture_is_an_error_of_the_user()
    {
        var whole = File.ReadAllBytes(TestPaths.Data("datasets-bad", "control", "train", "0001.jpg"));
        foreach (var length in new[] { 2, 20, 200, 600, whole.Length - 200 })
        {
            var path = Path.Combine(TestPaths.Scratch(), "picture.jpg");
            File.WriteAllBytes(path, whole[..length]);
            var problem = Assert.ThrowsExactly<DiagnosticException>(() => ImageFile.Inspect(path), $"{length} bytes");
            Assert.IsTrue(problem.Diagnostic.Code is Codes.ImageUnreadable or Codes.ImageCutShort, problem.Message);
        }
    }

    [TestMethod]
    public void Bytes_behind_the_end_of_a_jpeg_do_no_harm()
    {
        var path = Path.Combine(TestPaths.Scratch(), "picture.jpg");
        File.WriteAllBytes(path, [.. File.ReadAllBytes(TestPaths.Data("datasets-bad", "control", "train", "0001.jpg")), 1, 2, 3, 4]);
        Assert.AreEqual((160, 120), ImageFile.Inspect(path));
    }

    private static RgbImage Control(int number) => ImageFile.Decode(TestPaths.Data("datasets-bad", "control", "train", $"000{number}.jpg"));

    private static double Difference(RgbImage expected, RgbImage actual)
    {
        Assert.AreEqual((expected.Width, expected.Height), (actual.Width, actual.Height));
        var sum = 0L;
        for (var i = 0; i < expected.Pixels.Length; i++)
            sum += Math.Abs(expected.Pixels[i] - actual.Pixels[i]);
        return sum / (double)expected.Pixels.Length;
    }
}
