using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Sscma.Build.Tasks.Reporting;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks.Models;

/// <summary>How a build uses the cache, when it trains, and what of a training changes no result: properties of the project that no key knows.</summary>
internal sealed class BuildOptions
{
    private const string UsualCacheSize = "10GB";

    private static readonly string[] CacheModes = { "Off", "Read", "ReadWrite" };
    private static readonly string[] TrainModes = { TrainWhen.IfChanged, TrainWhen.IfMissing, TrainWhen.Never };

    private readonly string _folder;
    private readonly bool _write;
    private readonly long _bytes;
    private readonly string _train;
    private readonly string _checkpointMinutes;
    private readonly string _loaderThreads;

    private BuildOptions(ResolveModels project, string folder, bool write, long bytes, string train)
    {
        (_folder, _write, _bytes, _train) = (folder, write, bytes, train);
        (_checkpointMinutes, _loaderThreads) = (project.CheckpointMinutes.Trim(), project.LoaderThreads.Trim());
    }

    /// <summary>Reads the properties, and reports what is wrong with them.</summary>
    public static BuildOptions? Read(ResolveModels project, TaskLoggingHelper log)
    {
        var cache = Choice(project.Cache, CacheModes, "ReadWrite");
        var train = Choice(project.Train, TrainModes, TrainWhen.IfChanged);
        var bytes = ByteSize.Parse(project.CacheSize.Trim().Length == 0 ? UsualCacheSize : project.CacheSize);
        var fault = cache is null ? $"SscmaCache is '{project.Cache}', expected one of {string.Join(", ", CacheModes)}"
            : train is null ? $"SscmaTrain is '{project.Train}', expected one of {string.Join(", ", TrainModes)}"
            : bytes is null ? $"SscmaCacheSize is '{project.CacheSize}', expected a number of bytes with or without a unit, such as 500MB or 10GB"
            : !IsNumber(project.CheckpointMinutes, NumberStyles.AllowDecimalPoint, 0, 10000) ? $"SscmaCheckpointMinutes is '{project.CheckpointMinutes}', expected a number of minutes from 0 to 10000 with a decimal point, such as 0.5"
            : !IsNumber(project.LoaderThreads, NumberStyles.None, 1, 256) ? $"SscmaLoaderThreads is '{project.LoaderThreads}', expected a whole number from 1 to 256"
            : null;
        if (fault is not null)
        {
            log.Error(Codes.BadProperty, $"the property {fault}. Correct it in the project, on the command line or in the environment.", project.Project);
            return null;
        }

        // Without a home folder there is no place for a cache; the build goes on without one.
        var folder = cache == "Off" || project.CacheDir.Length == 0
            ? ""
            : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(project.Project))!, project.CacheDir));
        return new BuildOptions(project, folder, cache == "ReadWrite", bytes!.Value, train!);
    }

    /// <summary>Hands them on to the stages.</summary>
    public void WriteTo(ITaskItem2 model)
    {
        model.SetMetadataValueLiteral("CacheFolder", _folder);
        model.SetMetadataValueLiteral("CacheWrite", _write ? "true" : "");
        model.SetMetadataValueLiteral("CacheBytes", _bytes.ToString(CultureInfo.InvariantCulture));
        model.SetMetadataValueLiteral("TrainWhen", _train);
        model.SetMetadataValueLiteral("CheckpointMinutes", _checkpointMinutes);
        model.SetMetadataValueLiteral("LoaderThreads", _loaderThreads);
    }

    private static bool IsNumber(string written, NumberStyles style, double least, double most) =>
        written.Trim().Length == 0 || (double.TryParse(written.Trim(), style, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most);

    private static string? Choice(string written, string[] known, string usual) =>
        written.Trim().Length == 0 ? usual : known.FirstOrDefault(choice => string.Equals(choice, written.Trim(), StringComparison.OrdinalIgnoreCase));
}
