using System.Text;
using Sscma.Tensors;
using Sscma.TestSupport;

namespace Sscma.Core.Tests;

[TestClass]
public sealed class SafeTensorsTests
{
    [TestMethod]
    public void What_was_written_is_read_back()
    {
        var path = Path.Combine(TestPaths.Scratch(), "a.safetensors");
        SafeTensors.Write(path, [new("w", StoredTensor.From([1f, -2f, 3f, 4f], 2, 2)), new("n", StoredTensor.From([7L]))]);

        var read = SafeTensors.Read(path);

        CollectionAssert.AreEqual(new long[] { 2, 2 }, read["w"].Shape);
        CollectionAssert.AreEqual(new[] { 1f, -2f, 3f, 4f }, read["w"].As<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 7L }, read["n"].As<long>().ToArray());
        Assert.AreEqual(0, read["n"].Shape.Length);
    }

    [TestMethod]
    [DataRow("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "needs 8")]
    [DataRow("""{"w":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}}""", "needs")]
    [DataRow("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "outside")]
    [DataRow("""{"w":{"dtype":"X9","shape":[1],"data_offsets":[0,4]}}""", "unknown type")]
    [DataRow("""{"w":""", "not a safetensors")]
    public void A_broken_header_is_refused(string header, string expected)
    {
        var file = new byte[8 + header.Length + 4];
        BitConverter.TryWriteBytes(file, (ulong)header.Length);
        Encoding.UTF8.GetBytes(header).CopyTo(file, 8);

        var problem = Assert.ThrowsExactly<InvalidDataException>(() => SafeTensors.Parse(file));

        StringAssert.Contains(problem.Message, expected);
    }
}
