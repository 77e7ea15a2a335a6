namespace Sscma.Build.Tests.Support;

/// <summary>A script in Vela's place: it copies the file, writes down how it was called, and fails when VELA_FAIL says so.</summary>
internal static class FakeVela
{
    private const string Script = """
        #!/bin/sh
        here=$(dirname "$0")
        if [ "$1" = --version ]; then echo "$VELA_VERSION"; exit 0; fi
        echo "vela $*" >> "$here/calls"
        [ "$VELA_FAIL" = true ] && { echo "Error: no such accelerator" >&2; exit 3; }
        for last; do :; done
        while [ "$1" != --output-dir ]; do shift; done
        cp "$last" "$2/$(basename "$last" .tflite)_vela.tflite"
        """;

    /// <summary>Writes it into a folder of the project.</summary>
    public static void Write(Fixture fixture, string folder)
    {
        fixture.Environment["VELA_VERSION"] = "4.3.0";
        fixture.Write($"{folder}/vela", Script);
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("the stand-in for Vela is a shell script");
        else
            File.SetUnixFileMode(fixture.PathOf($"{folder}/vela"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Lets builds find it.</summary>
    public static void PutOnPath(Fixture fixture, string folder) =>
        fixture.Environment["PATH"] = $"{fixture.PathOf(folder)}:{Environment.GetEnvironmentVariable("PATH")}";
}
