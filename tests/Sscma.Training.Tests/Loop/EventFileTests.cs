using System.Buffers.Binary;
using Sscma.Natives;
using Sscma.TestSupport;
using Sscma.Training.Loop;
using Sscma.Training.Weights;
using TorchSharp;

namespace Sscma.Training.Tests.Loop;

[TestClass]
public sealed class EventFileTests
{
    // The bytes by hand, from event.proto and summary.proto.
    [TestMethod]
    public void Records_are_framed_and_hold_the_scalars_of_their_step()
    {
        var path = Path.Combine(TestPaths.Scratch(), "tensorboard", "events.out.tfevents.train");
        using (var file = new EventFile(path, resumedAt: null))
            file.Write(300, ("loss", 0.5), ("lr", 0.25));
        using (var file = new EventFile(path, resumedAt: 200))
            file.Write(201, ("loss", 1));

        var messages = Messages(File.ReadAllBytes(path));

        Assert.HasCount(4, messages);
        Assert.AreEqual("1000" + "1A0D" + Convert.ToHexString("brain.Event:2"u8), messages[0]); // step 0, file_version
        Assert.AreEqual("10AC02" + "2A18" + "0A0B" + "0A046C6F7373" + "150000003F" + "0A09" + "0A026C72" + "150000803E", messages[1]);
        Assert.AreEqual("10C801" + "3A02" + "0801", messages[2]); // step 200, session_log { status: START }
        Assert.AreEqual("10C901" + "2A0D" + "0A0B" + "0A046C6F7373" + "150000803F", messages[3]);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(11)]
    [DataRow(20)]
    public void A_record_that_was_cut_off_does_not_hide_what_follows(int bytes)
    {
        var path = Path.Combine(TestPaths.Scratch(), "events.out.tfevents.train");
        using (var file = new EventFile(path, resumedAt: null))
            file.Write(1, ("loss", 0.5));
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. whole, .. whole[..bytes]]);

        using (var file = new EventFile(path, resumedAt: 1))
            file.Write(2, ("loss", 0.25));

        Assert.HasCount(4, Messages(File.ReadAllBytes(path)));
        Assert.AreSequenceEqual(whole, File.ReadAllBytes(path)[..whole.Length]);
    }

    [TestMethod]
    public void It_writes_what_another_writer_writes()
    {
        var folder = TestPaths.Scratch();
        NativeLibraries.UseTorch();
        var other = torch.utils.tensorboard.SummaryWriter(folder);
        other.add_scalar("val/mAP", 0.375f, 1234);
        var path = Path.Combine(folder, "ours.tfevents");
        using (var file = new EventFile(path, resumedAt: null))
            file.Write(1234, ("val/mAP", 0.375));

        // TorchSharp writes milliseconds where TensorFlow has seconds.
        var theirs = Messages(File.ReadAllBytes(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Single(name => name != path)), inSeconds: false);

        Assert.AreEqual(theirs[^1], Messages(File.ReadAllBytes(path))[^1]);
    }

    /// <summary>Checks every frame and returns the messages without their times.</summary>
    private static List<string> Messages(byte[] file, bool inSeconds = true)
    {
        var messages = new List<string>();
        for (var rest = file.AsSpan(); rest.Length > 0;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(rest);
            var message = rest.Slice(12, length);
            Assert.AreEqual(Masked(rest[..8]), BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
            Assert.AreEqual(Masked(message), BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]));
            Assert.AreEqual(0x09, message[0]);
            if (inSeconds)
                Assert.AreEqual((DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds, BinaryPrimitives.ReadDoubleLittleEndian(message[1..]), 300);
            messages.Add(Convert.ToHexString(message[9..]));
            rest = rest[(16 + length)..];
        }

        return messages;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes) => uint.RotateRight(Crc32.Castagnoli.Of(bytes), 15) + 0xa282ead8;
}
