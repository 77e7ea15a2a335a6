namespace Sscma.Bench;

/// <summary>Where this repository lies.</summary>
internal static class Repository
{
    public static string Root { get; } = (string)AppContext.GetData("Sscma.RepositoryRoot")!;
}
