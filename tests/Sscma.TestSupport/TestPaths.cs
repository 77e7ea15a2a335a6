namespace Sscma.TestSupport;

/// <summary>Where tests find their data.</summary>
public static class TestPaths
{
    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = (string)AppContext.GetData("Sscma.RepositoryRoot")!;

    /// <summary>Data that ships with the repository: tests/data.</summary>
    public static string Data(params string[] parts) => Path.Combine([Repository, "tests", "data", .. parts]);

    /// <summary>
    /// A file or folder of ../shared, which a user's machine does not have: the test then ends as inconclusive and says so.
    /// </summary>
    public static string Shared(params string[] parts)
    {
        var path = Path.Combine([Repository, "..", "shared", .. parts]);
        if (!Path.Exists(path))
            Assert.Inconclusive("../shared is absent");
        return Path.GetFullPath(path);
    }

    /// <summary>The folder of golden cases: what the environment variable names, else the given folder of tests/data.</summary>
    public static string Goldens(string variable, string dataFolder)
    {
        var named = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(named))
            return Data(dataFolder);
        if (!Directory.Exists(named))
            throw new DirectoryNotFoundException($"{variable} names '{named}', which is no folder");
        return Path.GetFullPath(named);
    }

    /// <summary>A fresh folder for one test, with a blank and non-ASCII letters in its name on purpose.</summary>
    public static string Scratch()
    {
        var folder = Path.Combine(Path.GetTempPath(), "sscma tests ü", Path.GetRandomFileName());
        Directory.CreateDirectory(folder);
        return folder;
    }
}
