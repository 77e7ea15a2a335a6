using Sscma.Build.Worker.Training;
using Sscma.Diagnostics;
using Sscma.Imaging;
using Sscma.Training;
using Sscma.Training.Configuration;

namespace Sscma.Build.Worker.Verbs;

/// <summary>
/// <c>train</c>: from annotated images to weights.safetensors, model.onnx and training.json.
/// Options: model, config, configFolder, workFolder, the splits train and val (<see cref="SplitOptions"/>); optional: those of
/// <see cref="Metadata"/>, usualResize (where nobody but a shipped file says it), threads, device, loaderThreads, checkpointMinutes (0: after every iteration), cfgOptions, warmStart with acceptedWeights, pretrained (a file, or a URL) with pretrainedSha256. With startOnnx or startWeights nothing is trained:
/// <see cref="GivenModel"/>.
/// </summary>
internal sealed class TrainVerb : IVerb
{
    /// <summary>
    /// Options that stand for a key of the configuration, with the name under which the user knows them. One order, the later wins:
    /// the YAML file, these, CfgOptions.
    /// </summary>
    public static IReadOnlyList<(string Option, string Key, string Source)> Metadata { get; } =
    [
        ("schedule", "train.schedule", "metadata Schedule"),
        ("quantization", "quantization.method", "metadata Quantization"),
        ("imageSize", "train.image_size", "metadata ImageSize"),
        ("resize", "train.resize", "metadata Resize"),
        ("maxEpochs", "train.max_epochs", "metadata MaxEpochs"),
        ("batchSize", "train.batch_size", "metadata BatchSize"),
        ("valInterval", "train.val_interval", "metadata ValInterval"),
        ("seed", "train.seed", "metadata Seed"),
        ("maxTime", "train.max_minutes", "metadata MaxTime"),
        ("earlyStopPatience", "train.patience", "metadata EarlyStopPatience"),
        ("targetMap", "train.target_map", "metadata TargetMap"),
        ("learningRate", "optim.lr", "metadata LearningRate"),
        ("threads", "train.threads", "property SscmaThreads"),
    ];

    /// <inheritdoc/>
    public string Name => "train";

    /// <inheritdoc/>
    public void Run(WorkerOptions options, WorkerContext context)
    {
        if (options.Optional("startOnnx") is { } onnx)
        {
            GivenModel.TakeOnnx(onnx, options, context);
            return;
        }

        if (options.Optional("startWeights") is { } weights)
        {
            GivenModel.TakeWeights(weights, ConfigOf(options).Config, options, context);
            return;
        }

        var request = RequestOf(options);
        if (request.Pretrained is { File: var place, Sha256: { } digest } && Uri.TryCreate(place, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            request = request with { Pretrained = new Pretrained(new PretrainedDownload(options, context, place, digest).Get(), digest) };
        DetectorTrainer.Train(request, context.Diagnostics, context.Console, context.Cancellation);
    }

    private static ConfigSource ConfigOf(WorkerOptions options) =>
        ConfigLoader.Open(
        options.Required("config"),
        options.Optional("configFolder") ?? "",
        Overrides(options),
        options.Optional("usualResize") is { } resize ? [new ConfigOverride("train.resize", WordOf(resize), "TargetRuntime")] : []);

    /// <summary>What the options ask for.</summary>
    /// <exception cref="DiagnosticException">SSCMA20xx: the configuration; SSCMA9003: an option is missing.</exception>
    public static TrainingRequest RequestOf(WorkerOptions options)
    {
        var (train, val) = (SplitOptions.Required(options, "train"), SplitOptions.Required(options, "val"));
        var config = ConfigOf(options);
        var request = new TrainingRequest
        {
            Model = options.Required("model"),
            Config = config.Config,
            ConfigFor = config.For,
            TrainAnnotations = train[0].Annotations,
            TrainImages = train[0].Images,
            TrainParts = train,
            ValAnnotations = val[0].Annotations,
            ValImages = val[0].Images,
            ValParts = val,
            WorkFolder = options.Required("workFolder"),
            WarmStart = WarmStartOf(options),
            Device = options.Optional("device") ?? "cpu",
            Pretrained = options.Optional("pretrained") is { } pretrained ? new Pretrained(pretrained, options.Optional("pretrainedSha256")) : null,
        };
        if (options.Integer("loaderThreads") is { } threads)
            request = request with { LoaderThreads = threads };
        if (options.Number("checkpointMinutes") is not { } minutes)
            return request;
        var interval = TimeSpan.FromMinutes(minutes);
        return request with { CheckpointIntervalWithinEpoch = interval, CheckpointInterval = interval < request.CheckpointInterval ? interval : request.CheckpointInterval };
    }

    /// <summary>The option warmStart: digests of weights and report, and the epochs if the user has set them.</summary>
    private static WarmStart? WarmStartOf(WorkerOptions options)
    {
        if (options.Optional("warmStart")?.Split(' ') is not [var weights, var report, .. var epochs])
            return null;
        var file = options.Required("acceptedWeights");
        return new WarmStart(
            file,
            Path.Combine(Path.GetDirectoryName(file)!, "training.json"),
            weights,
            report,
            epochs is [var number] ? int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    /// <summary>The configuration's word for a choice of the metadata: KeepRatio is keep_ratio.</summary>
    private static string WordOf(string resize) => resize == nameof(ResizeMode.KeepRatio) ? "keep_ratio" : resize.ToLowerInvariant();

    private static IEnumerable<ConfigOverride> Overrides(WorkerOptions options)
    {
        foreach (var (option, key, source) in Metadata)
        {
            if (options.Optional(option) is { } value)
                yield return new ConfigOverride(key, option == "resize" ? WordOf(value) : value, source);
        }

        foreach (var item in ConfigLoader.ParseOptions(options.Optional("cfgOptions") ?? ""))
            yield return item;
    }
}
