namespace Sscma.TestSupport;

/// <summary>ONNX's own checks, as the Debian package python3-onnx has them; the variable SSCMA_PYTHON names another Python that has the module.</summary>
public static class OnnxChecker
{
    private const string Check = "import onnx, sys; onnx.checker.check_model(sys.argv[1], full_check=True)";

    private static readonly Lazy<string?> Python = new(Find);

    /// <summary>Asserts that a file passes, inference of all its shapes included. Without the module the test ends as inconclusive.</summary>
    public static void MustPass(string file)
    {
        if (Python.Value is not { } python)
        {
            Assert.Inconclusive("no Python with the module onnx (apt-get install python3-onnx)");
            return;
        }

        var (code, _, errors) = Programs.Run(Path.GetTempPath(), python, "-c", Check, file);
        Assert.AreEqual(0, code, errors);
    }

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("SSCMA_PYTHON");
        string[] candidates = string.IsNullOrEmpty(named) ? ["python3", "/usr/bin/python3"] : [named];
        return Array.Find(candidates, python =>
            (Path.IsPathRooted(python) ? File.Exists(python) : Programs.IsThere(python)) && Programs.Run(Path.GetTempPath(), python, "-c", "import onnx").ExitCode == 0);
    }
}
