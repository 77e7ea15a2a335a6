using Sscma.Natives;

namespace Sscma.Training.Tests;

[TestClass]
public static class TorchForAllTests
{
    /// <summary>Whatever test touches torch first: its natives are there.</summary>
    [AssemblyInitialize]
    public static void Load(TestContext context) => NativeLibraries.UseTorch();
}
