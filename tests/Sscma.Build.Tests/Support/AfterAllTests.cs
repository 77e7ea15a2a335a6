namespace Sscma.Build.Tests.Support;

/// <summary>What the tests share goes when the last has run.</summary>
[TestClass]
public static class AfterAllTests
{
    [AssemblyCleanup]
    public static void Clean()
    {
        PackageFeed.Remove();
        CompilerServer.Shutdown();
    }
}
