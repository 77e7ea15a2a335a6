using System.Runtime.InteropServices;
using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>Folders and files with names that mean something to MSBuild, a shell or a URI, and source trees that stay as they are.</summary>
[TestClass]
public sealed class OddPathTests
{
    private const string Odd = "日本 ü it's; 50% a@b $(x) #1, (2) & =";

    private static readonly string Long = new('x', 200);

    private static readonly string[] Everything =
        ["train parts_detector", "export parts_detector", "evaluate parts_detector", "embed parts_detector"];

    [TestMethod]
    [DataRow("it's; 50% a@b $(x)", DisplayName = "signs of MSBuild")]
    [DataRow("日本 ü #1, (2) & = + !", DisplayName = "other signs and scripts")]
    [DataRow("", DisplayName = "200 letters")]
    public void A_project_folder_may_have_any_name_that_the_sdk_can_stand(string name)
    {
        using var fixture = new Fixture(name.Length == 0 ? Long : name);
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture, Everything);
        Assert.AreEqual("bolt,nut 32\nTrue\n0.6 0.9", fixture.Run());
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture);

        fixture.Change("Seed=\"5\"");
        fixture.Environment["SSCMA_STANDIN_FAIL"] = "train";
        var line = fixture.Build().MustFailWith("SSCMA1002");
        Assert.StartsWith($"{fixture.PathOf("data/train/_annotations.coco.json")}(7,2): error SSCMA1002: ", line);
        fixture.Environment.Remove("SSCMA_STANDIN_FAIL");
        fixture.Command("clean").MustSucceed();
        Assert.IsFalse(File.Exists(fixture.Work("embed/PartsDetector.g.cs")));
    }

    [TestMethod]
    public void Data_pictures_and_the_work_folder_may_have_any_name()
    {
        using var fixture = new Fixture();
        var data = Path.Combine(Path.GetDirectoryName(fixture.Folder)!, Odd);
        var work = Path.Combine(Path.GetDirectoryName(fixture.Folder)!, "work " + Odd);
        var picture = Long[..60] + Odd + ".png";
        Directory.Move(fixture.PathOf("data"), data);
        foreach (var split in new[] { "train", "valid" })
        {
            File.Move(Path.Combine(data, split, "one ü.png"), Path.Combine(data, split, picture));
            Replace(Path.Combine(data, split, "_annotations.coco.json"), "one ü.png", picture);
        }

        // As a user has to write a name in a project file: MSBuild's own escapes for its own signs.
        fixture.Items = Fixture.Item(root: Escaped("../" + Odd));
        fixture.Properties = $"<SscmaWorkFolder>{Escaped("../work " + Odd)}/</SscmaWorkFolder>";
        fixture.Save();
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture, Everything);
        Assert.IsTrue(File.Exists(Path.Combine(work, "parts_detector", "model.provenance.json")));
        Assert.IsFalse(Directory.Exists(fixture.PathOf("obj/sscma")));
        Assert.AreEqual("bolt,nut 32\nTrue\n0.6 0.9", fixture.Run());
        fixture.Build().MustSucceed();
        MustHaveCalled(fixture);

        // The picture decides, so its name was read rightly; and the file of a diagnostic survives its way from the worker to the build.
        File.WriteAllText(Path.Combine(data, "train", picture), "other pixels");
        fixture.Environment["SSCMA_STANDIN_FAIL"] = "train";
        var result = fixture.Build();
        Assert.Contains($"images of the training split: 1 changed ({picture})", result.Output);
        Assert.StartsWith($"{Path.Combine(data, "train", "_annotations.coco.json")}(7,2): error SSCMA1002: ", result.MustFailWith("SSCMA1002"));
        fixture.Environment.Remove("SSCMA_STANDIN_FAIL");

        fixture.Build("-t:SscmaClean").MustSucceed();
        Assert.IsFalse(Directory.Exists(work));
    }

    [TestMethod]
    public void A_source_tree_that_must_not_be_written_stays_as_it_is()
    {
        using var fixture = new Fixture();
        var outside = Path.Combine(Path.GetDirectoryName(fixture.Folder)!, "made");
        string[] places = [$"-p:BaseIntermediateOutputPath={outside}/obj/", $"-p:BaseOutputPath={outside}/bin/", $"-p:SscmaWorkFolder={outside}/sscma/"];
        SetWritable(fixture.Folder, false);
        try
        {
            // Root may write everywhere, so what is there is compared as well.
            var before = Snapshot(fixture.Folder);
            fixture.Command(["build", .. places]).MustSucceed();
            MustHaveCalled(fixture, Everything);
            fixture.Command(["build", "--no-restore", .. places]).MustSucceed();
            MustHaveCalled(fixture);
            fixture.Command(["build", "--no-restore", "-t:SscmaVerify", .. places]).MustSucceed();
            fixture.Command(["clean", .. places]).MustSucceed();
            fixture.Command(["build", "--no-restore", "-t:SscmaClean", .. places]).MustSucceed();
            Assert.IsFalse(Directory.Exists(Path.Combine(outside, "sscma")));
            Assert.AreEqual(before, Snapshot(fixture.Folder));
        }
        finally
        {
            SetWritable(fixture.Folder, true);
        }
    }

    /// <summary>Names, contents and times of everything in a folder.</summary>
    private static string Snapshot(string folder) => string.Join('\n', Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O} {(File.Exists(path) ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))) : "")}"));

    private static void SetWritable(string folder, bool writable)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            return;
        const UnixFileMode Write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))
            File.SetUnixFileMode(path, writable ? File.GetUnixFileMode(path) | UnixFileMode.UserWrite : File.GetUnixFileMode(path) & ~Write);
    }

    private static string Escaped(string path) =>
        path.Replace("%", "%25", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal).Replace("$", "%24", StringComparison.Ordinal)
            .Replace("@", "%40", StringComparison.Ordinal).Replace("&", "&amp;", StringComparison.Ordinal);

    private static void Replace(string file, string from, string to) => File.WriteAllText(file, File.ReadAllText(file).Replace(from, to, StringComparison.Ordinal));

    private static void MustHaveCalled(Fixture fixture, params string[] expected) =>
        Assert.AreEqual(string.Join("; ", expected), string.Join("; ", fixture.Calls));
}
