using System.Text;
using Sscma.Training.Weights.PyTorch;

namespace Sscma.Training.Tests.Weights;

/// <summary>Small programs by hand: what may be said, and what may not.</summary>
[TestClass]
public sealed class PickleReaderTests
{
    [TestMethod]
    public void Plain_values_come_back()
    {
        // {'a': 5, 'b': [None, True, 1.5, -2, ('x',)]}
        var value = (PickledDictionary)Read("\u0080\u0002}(U\u0001aK\u0005X\u0001\0\0\0b](N\u0088G?\u00f8\0\0\0\0\0\0J\u00fe\u00ff\u00ff\u00ffU\u0001x\u0085eu.")!;

        Assert.AreSequenceEqual(new object?[] { "a", "b" }, value.Items.Select(item => item.Key));
        Assert.AreEqual(5L, value.Items[0].Value);
        var list = (List<object?>)value.Items[1].Value!;
        Assert.AreSequenceEqual(new object?[] { null, true, 1.5, -2L }, list.Take(4));
        Assert.AreEqual("x", ((PickledTuple)list[4]!).Items[0]);
    }

    [TestMethod]
    [DataRow("cos\nsystem\n", "os.system")]
    [DataRow("cposix\nsystem\n", "posix.system")]
    [DataRow("cbuiltins\neval\n", "builtins.eval")]
    [DataRow("c__builtin__\nexec\n", "__builtin__.exec")]
    [DataRow("csubprocess\nPopen\n", "subprocess.Popen")]
    [DataRow("ctorch\nload\n", "torch.load")]
    [DataRow("ctorch.nn.modules.linear\nLinear\n", "torch.nn.modules.linear.Linear")]
    [DataRow("ccollections\nOrderedDict.fromkeys\n", "collections.OrderedDict.fromkeys")]
    [DataRow("\u008c\u0002os\u008c\u0006system\u0093", "os.system")]
    public void A_name_that_no_state_dict_needs_is_refused_where_it_is_named(string program, string name) =>
        Assert.AreEqual(name, Assert.ThrowsExactly<ForbiddenNameException>(() => Read(program + "U\u0001x\u0085R.")).Name);

    [TestMethod]
    [DataRow("(i", DisplayName = "instance of protocol 0")]
    [DataRow("\u0082\u0001", DisplayName = "extension registry")]
    [DataRow("ccollections\nOrderedDict\n)\u0081", DisplayName = "new object")]
    [DataRow("ccollections\nOrderedDict\n}b", DisplayName = "attributes of a class")]
    [DataRow("ccollections\nOrderedDict\nU\u0001x\u0085R", DisplayName = "called with text")]
    [DataRow("ctorch._utils\n_rebuild_tensor_v2\n)R", DisplayName = "tensor of nothing")]
    [DataRow("U\u0001xQ", DisplayName = "persistent id that is text")]
    [DataRow("R", DisplayName = "call without anything")]
    [DataRow("t", DisplayName = "end without beginning")]
    [DataRow("(R", DisplayName = "a mark is no value")]
    [DataRow("h\u0007", DisplayName = "memory that was never written")]
    [DataRow("X\u00ff\u00ff\u00ff\u007f", DisplayName = "text longer than the file")]
    [DataRow("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", DisplayName = "text longer than memory")]
    [DataRow("]K\u0001s", DisplayName = "pair for a list")]
    [DataRow("", DisplayName = "no end")]
    public void What_is_damaged_is_an_error(string program) => Assert.ThrowsExactly<InvalidDataException>(() => Read(program));

    // A view whose elements repeat could be a thousand times larger than its memory.
    [TestMethod]
    [DataRow("K\u0004", "K\u0000", DisplayName = "the same element")]
    [DataRow("K\u0003", "K\u0002", DisplayName = "past the end")]
    [DataRow("J\u00ff\u00ff\u00ff\u00ff", "K\u0001", DisplayName = "negative")]
    public void A_tensor_that_does_not_lie_in_its_storage_is_an_error(string extent, string stride)
    {
        string Tensor(string shape, string strides) => "ctorch._utils\n_rebuild_tensor_v2\n((U\u0007storagectorch\nFloatStorage\nU\u0001" + "0U\u0003" + $"cpuK\u0003tQK\u0000{shape}\u0085{strides}\u0085\u0089)tR.";

        Assert.AreEqual(3, ((PickledTensor)Read(Tensor("K\u0003", "K\u0001"))!).Shape[0]);
        Assert.ThrowsExactly<InvalidDataException>(() => Read(Tensor(extent, stride)));
    }

    private static object? Read(string program) => PickleReader.Read(Encoding.Latin1.GetBytes(program));
}
