using Sscma.Diagnostics;
using Sscma.Natives;

namespace Sscma.Core.Tests;

/// <summary>The packed worker is told where native libraries lie; what is missing has a name.</summary>
[TestClass]
[DoNotParallelize]
public sealed class NativeFolderTests
{
    private const string Entry = "Sscma.Natives.OnnxRuntime";
    private const string Variable = "SSCMA_NATIVES_ONNXRUNTIME";

    [TestMethod]
    public void A_folder_that_nobody_named_or_that_is_not_there_is_one_coded_error()
    {
        var before = AppContext.GetData(Entry);
        try
        {
            AppContext.SetData(Entry, "");
            var unnamed = Assert.ThrowsExactly<DiagnosticException>(NativeLibraries.UseOnnxRuntime);
            Assert.AreEqual(Codes.NativeLibraryMissing, unnamed.Diagnostic.Code);
            Assert.Contains(Variable, unnamed.Diagnostic.Message);

            var folder = Path.Combine(Path.GetTempPath(), "no such folder", Path.GetRandomFileName());
            Environment.SetEnvironmentVariable(Variable, folder);
            var absent = Assert.ThrowsExactly<DiagnosticException>(NativeLibraries.UseOnnxRuntime);
            Assert.AreEqual(Codes.NativeLibraryMissing, absent.Diagnostic.Code);
            Assert.Contains(folder, absent.Diagnostic.Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
            AppContext.SetData(Entry, before);
        }
    }
}
