using Sscma.Build.Tests.Support;

namespace Sscma.Build.Tests;

/// <summary>Several target frameworks, configurations and build nodes: one training.</summary>
[TestClass]
public sealed class FrameworkTests
{
    private const string Once = "train parts_detector; export parts_detector; evaluate parts_detector; embed parts_detector";

    [TestMethod]
    [DataRow("", DisplayName = "plain")]
    [DataRow("-m", DisplayName = "-m")]
    [DataRow("-graph -m", DisplayName = "-graph -m")]
    public void Several_frameworks_train_once_and_all_embed(string arguments)
    {
        using var fixture = TwoFrameworks();
        fixture.Build(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)).MustSucceed();
        Assert.AreEqual(Once, string.Join("; ", fixture.Calls));
        Assert.AreEqual("bolt,nut 32\nTrue\n0.6 0.9", fixture.Run());
        MustHoldModel(fixture, "bin/Debug/netstandard2.0/App.dll");

        fixture.Build([.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-c", "Release"]).MustSucceed();
        Assert.IsEmpty(fixture.Calls, "Release uses the same model");
        MustHoldModel(fixture, "bin/Release/netstandard2.0/App.dll");
    }

    [TestMethod]
    public void One_framework_alone_trains_too_and_the_others_use_it()
    {
        using var fixture = TwoFrameworks();
        fixture.Build("-f", "net10.0").MustSucceed();
        Assert.AreEqual(Once, string.Join("; ", fixture.Calls));
        Assert.AreEqual("bolt,nut 32\nTrue\n0.6 0.9", fixture.Run());
        fixture.Build("-f", "netstandard2.0").MustSucceed();
        Assert.IsEmpty(fixture.Calls);
        MustHoldModel(fixture, "bin/Debug/netstandard2.0/App.dll");
    }

    [TestMethod]
    public void A_project_that_references_it_gets_it_built_once()
    {
        using var fixture = TwoFrameworks();
        fixture.Write("../User/User.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><ProjectReference Include="../App/App.csproj" /></ItemGroup>
            </Project>
            """);
        fixture.Command("build", "../User/User.csproj").MustSucceed();
        Assert.AreEqual(Once, string.Join("; ", fixture.Calls));
        MustHoldModel(fixture, "bin/Debug/net10.0/App.dll");
    }

    /// <summary>netstandard2.0 means C# 7.3: the generated class must be written in it.</summary>
    private static Fixture TwoFrameworks()
    {
        var fixture = new Fixture
        {
            Frameworks = "<TargetFrameworks>net10.0;netstandard2.0</TargetFrameworks>",
            Properties = """
                <OutputType Condition="'$(TargetFramework)' != 'net10.0'">Library</OutputType>
                <LangVersion Condition="'$(TargetFramework)' == 'netstandard2.0'">7.3</LangVersion>
                <Nullable Condition="'$(TargetFramework)' == 'netstandard2.0'">disable</Nullable>
                <EnableDefaultCompileItems Condition="'$(TargetFramework)' == 'netstandard2.0'">false</EnableDefaultCompileItems>
                """,
        };
        fixture.Save();
        return fixture;
    }

    private static void MustHoldModel(Fixture fixture, string assembly)
    {
        var bytes = File.ReadAllBytes(fixture.PathOf(assembly));
        Assert.IsGreaterThan(0, bytes.AsSpan().IndexOf(File.ReadAllBytes(fixture.Work("parts_detector.tflite"))), $"{assembly} does not hold the model");
    }
}
