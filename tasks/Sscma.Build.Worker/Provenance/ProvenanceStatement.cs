using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sscma.Build.Stages;
using Sscma.Files;

namespace Sscma.Build.Worker.Provenance;

/// <summary>
/// model.provenance.json: which data, settings and versions made these files. An in-toto statement (version 1) with a SLSA provenance predicate (version 1),
/// made from the stamps of the stages; so it speaks of what was done, also when a result came from the cache. It holds no time and no path of this machine.
/// </summary>
internal sealed class ProvenanceStatement
{
    /// <summary>Its name in a model's work folder.</summary>
    public const string FileName = "model.provenance.json";

    private static readonly string[] Stages = ["train", "export", "evaluate"];

    private readonly string _model;
    private readonly string _workFolder;
    private readonly string _lists;
    private readonly string? _commit;
    private readonly IReadOnlyDictionary<string, string> _parameters;
    private readonly IReadOnlyList<string> _embedded;

    /// <summary>A statement about a model.</summary>
    /// <param name="options">model, workFolder, project, lists; and what the embed stage was asked for.</param>
    /// <param name="embedded">The files of the embed stage, relative to the work folder.</param>
    public ProvenanceStatement(WorkerOptions options, IReadOnlyList<string> embedded)
    {
        _model = options.Required("model");
        _workFolder = options.Required("workFolder");
        _lists = options.Required("lists");
        _commit = GitCommit.Of(Path.GetDirectoryName(options.Required("project"))!);
        _embedded = embedded;
        _parameters = new[] { "embedAs", "namespace", "className" }.ToDictionary(name => name, name => options.Optional(name) ?? "");
    }

    /// <summary>The statement as UTF-8 JSON.</summary>
    public byte[] ToJson()
    {
        var stamps = Stages.Select(stage => (Stage: stage, Text: File.ReadAllText(Path.Combine(_workFolder, $"{stage}.stamp")))).ToList();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("_type", "https://in-toto.io/Statement/v1");
            json.WriteStartArray("subject");
            foreach (var (name, digest) in stamps.SelectMany(stamp => StageStamp.Outputs(stamp.Text)).Concat(_embedded.Order(StringComparer.Ordinal).Select(OfFile)))
                WriteArtifact(json, name, digest);
            json.WriteEndArray();
            json.WriteString("predicateType", "https://slsa.dev/provenance/v1");
            json.WriteStartObject("predicate");
            WriteDefinition(json, stamps);
            WriteRun(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private void WriteDefinition(Utf8JsonWriter json, IReadOnlyList<(string Stage, string Text)> stamps)
    {
        json.WriteStartObject("buildDefinition");
        json.WriteString("buildType", "urn:sscma-build:model:1");
        json.WriteStartObject("externalParameters");
        json.WriteString("model", _model);
        foreach (var (stage, text) in stamps)
            WriteParameters(json, stage, Lines(text).Where(line => !IsDigest(line.Value) && List(line.Value) is null));
        WriteParameters(json, "embed", _parameters);
        json.WriteEndObject();

        json.WriteStartArray("resolvedDependencies");
        if (_commit is not null)
        {
            json.WriteStartObject();
            json.WriteString("name", "source");
            json.WriteStartObject("digest");
            json.WriteString("gitCommit", _commit);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        foreach (var (name, digest) in stamps.SelectMany(Dependencies).Distinct())
            WriteArtifact(json, name, digest);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, string stage, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        json.WriteStartObject(stage);
        foreach (var (name, value) in parameters.Where(pair => pair.Value.Length > 0 && pair.Key is not ("key" or "stage" or "model")))
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter json)
    {
        json.WriteStartObject("runDetails");
        json.WriteStartObject("builder");
        json.WriteString("id", "urn:sscma-build:worker");
        json.WriteStartObject("version");
        json.WriteString("Sscma.Build", typeof(ProvenanceStatement).Assembly.GetName().Version!.ToString(3));
        json.WriteString(".NET", Environment.Version.ToString());
        json.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteArtifact(Utf8JsonWriter json, string name, string digest)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteStartObject("digest");
        json.WriteString("sha256", digest);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Files of a key: those that it names, and each image of its lists.</summary>
    private IEnumerable<(string Name, string Digest)> Dependencies((string Stage, string Text) stamp)
    {
        foreach (var (name, value) in Lines(stamp.Text))
        {
            if (IsDigest(value))
            {
                // Each stage has code of its own; the other inputs are the same file wherever they are named.
                yield return (name == "code" ? $"{stamp.Stage}/code" : name, value);
                continue;
            }

            if (List(value) is not { } digest)
                continue;
            var list = Path.Combine(_lists, $"{digest}.txt");
            if (!File.Exists(list))
            {
                yield return ($"{name} (list)", digest);
                continue;
            }

            foreach (var line in File.ReadLines(list).Where(line => line.Length > 0))
                yield return ($"{name}/{line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]}", line[..line.IndexOf(' ', StringComparison.Ordinal)]);
        }
    }

    private (string Name, string Digest) OfFile(string name) => (name, Digest.OfFile(Path.Combine(_workFolder, name)));

    private static IEnumerable<KeyValuePair<string, string>> Lines(string stamp) => (StageStamp.Key(stamp) ?? "").Split('\n')
        .Where(line => line.Contains('=', StringComparison.Ordinal))
        .Select(line => line.Split('=', 2))
        .Select(parts => KeyValuePair.Create(parts[0], WorkerOptions.Unescape(parts[1])));

    /// <summary>The digest of a list of files, from the form <c>count digest</c>; else null.</summary>
    private static string? List(string value) => value.Split(' ') is [var count, var digest] && count.All(char.IsAsciiDigit) && IsDigest(digest) ? digest : null;

    private static bool IsDigest(string value) => value.Length == 64 && value.All(char.IsAsciiHexDigitLower);
}
