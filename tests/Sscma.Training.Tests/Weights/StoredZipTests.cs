using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Sscma.Training.Weights;
using Sscma.Training.Weights.PyTorch;

namespace Sscma.Training.Tests.Weights;

[TestClass]
public sealed class StoredZipTests
{
    [TestMethod]
    public void It_reads_what_the_framework_writes()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in new[] { "a/data.pkl", "a/data/0", "ü" })
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(Encoding.UTF8.GetBytes($"bytes of {name}"));
            }
        }

        var zip = new StoredZip(stream.ToArray());

        Assert.AreSequenceEqual(["a/data.pkl", "a/data/0", "ü"], zip.Names);
        Assert.AreEqual("bytes of a/data/0", Encoding.UTF8.GetString(zip.Read("a/data/0").Span));
        Assert.ThrowsExactly<InvalidDataException>(() => zip.Read("b"));
    }

    // What a file of more than 4 GiB looks like, in small: every 32-bit field says "look into the zip64 record".
    [TestMethod]
    public void It_reads_zip64()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var content = "numbers"u8.ToArray();
        var name = "a/data/0"u8.ToArray();
        var checksum = Crc32.Zip.Of(content);
        writer.Write(0x04034b50u);
        writer.Write([45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write(checksum);
        writer.Write(content.Length);
        writer.Write(content.Length);
        writer.Write((short)name.Length);
        writer.Write((short)0);
        writer.Write(name);
        writer.Write(content);
        var directory = stream.Position;
        writer.Write(0x02014b50u);
        writer.Write([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write(checksum);
        writer.Write(uint.MaxValue);
        writer.Write(uint.MaxValue);
        writer.Write((short)name.Length);
        writer.Write((short)28);
        writer.Write(new byte[10]);
        writer.Write(uint.MaxValue);
        writer.Write(name);
        writer.Write((short)1);
        writer.Write((short)24);
        writer.Write((long)content.Length);
        writer.Write((long)content.Length);
        writer.Write(0L);
        var end64 = stream.Position;
        writer.Write(0x06064b50u);
        writer.Write(44L);
        writer.Write(new byte[12]);
        writer.Write(1L);
        writer.Write(1L);
        writer.Write(end64 - directory);
        writer.Write(directory);
        writer.Write(0x07064b50u);
        writer.Write(0);
        writer.Write(end64);
        writer.Write(1);
        writer.Write(0x06054b50u);
        writer.Write(0);
        writer.Write(ushort.MaxValue);
        writer.Write(ushort.MaxValue);
        writer.Write(uint.MaxValue);
        writer.Write(uint.MaxValue);
        writer.Write((short)0);

        Assert.AreSequenceEqual(content, new StoredZip(stream.ToArray()).Read("a/data/0").ToArray());
    }

    [TestMethod]
    public void The_checksum_is_that_of_the_standard()
    {
        Assert.AreEqual(0xCBF43926u, Crc32.Zip.Of("123456789"u8));
        Assert.AreEqual(0u, Crc32.Zip.Of([]));
        Assert.AreEqual(0xE3069283u, Crc32.Castagnoli.Of("123456789"u8));
    }

    [TestMethod]
    public void A_changed_byte_is_noticed()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("a", CompressionLevel.NoCompression).Open();
            entry.Write("0123456789"u8);
        }

        var file = stream.ToArray();
        file[file.AsSpan().IndexOf("456"u8)]++;
        Assert.Contains("checksum", Assert.ThrowsExactly<InvalidDataException>(() => new StoredZip(file).Read("a")).Message);
        MendChecksums(file);
        Assert.AreEqual("0123556789", Encoding.ASCII.GetString(new StoredZip(file).Read("a").Span));
    }

    /// <summary>Writes the right checksum into every entry of the directory whose bytes can be found.</summary>
    public static void MendChecksums(Span<byte> file)
    {
        for (var at = file.IndexOf("PK\x1\x2"u8); at >= 0 && at + 46 <= file.Length;)
        {
            var header = file[at..];
            var (length, offset) = (BinaryPrimitives.ReadUInt32LittleEndian(header[20..]), BinaryPrimitives.ReadUInt32LittleEndian(header[42..]));
            if (offset + 30L <= file.Length)
            {
                var start = offset + 30L + BinaryPrimitives.ReadUInt16LittleEndian(file[((int)offset + 26)..]) + BinaryPrimitives.ReadUInt16LittleEndian(file[((int)offset + 28)..]);
                if (start + length <= file.Length)
                    BinaryPrimitives.WriteUInt32LittleEndian(header[16..], Crc32.Zip.Of(file.Slice((int)start, (int)length)));
            }

            var next = file[(at + 4)..].IndexOf("PK\x1\x2"u8);
            at = next < 0 ? -1 : at + 4 + next;
        }
    }
}
