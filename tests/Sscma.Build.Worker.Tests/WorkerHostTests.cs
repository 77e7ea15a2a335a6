using Sscma.TestSupport;

namespace Sscma.Build.Worker.Tests;

[TestClass]
public sealed class WorkerHostTests
{
    [TestMethod]
    public void A_file_that_cannot_be_written_is_the_users_to_mend()
    {
        var folder = TestPaths.Scratch();

        var exit = WorkerHost.Run(["verb", Options(folder)], [new Verb(() => File.WriteAllText(Path.Combine(folder, "no such folder", "a"), "b"))]);

        Assert.AreEqual(1, exit);
        Assert.IsEmpty(Directory.GetFiles(folder, "*.crash.log"));
    }

    [TestMethod]
    public void A_bug_of_ours_keeps_its_stack_trace_in_a_file()
    {
        var folder = TestPaths.Scratch();

        var exit = WorkerHost.Run(["verb", Options(folder)], [new Verb(() => throw new InvalidOperationException("a bug"))]);

        Assert.AreEqual(2, exit);
        var report = Assert.ContainsSingle(Directory.GetFiles(folder, "*.crash.log"));
        StringAssert.Contains(File.ReadAllText(report), nameof(A_bug_of_ours_keeps_its_stack_trace_in_a_file));
    }

    private static string Options(string folder)
    {
        var path = Path.Combine(folder, "verb.options");
        File.WriteAllText(path, $"model=parts\nworkFolder={folder}\n");
        return "@" + path;
    }

    private sealed class Verb(Action action) : IVerb
    {
        public string Name => "verb";

        public void Run(WorkerOptions options, WorkerContext context) => action();
    }
}
