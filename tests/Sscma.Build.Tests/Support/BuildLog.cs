using System.Collections;
using Microsoft.Build.Framework;

namespace Sscma.Build.Tests.Support;

/// <summary>A build engine that only keeps what a task reports.</summary>
internal sealed class BuildLog : IBuildEngine
{
    /// <summary>Errors in order.</summary>
    public List<BuildErrorEventArgs> Errors { get; } = [];

    /// <summary>Warnings in order.</summary>
    public List<BuildWarningEventArgs> Warnings { get; } = [];

    /// <inheritdoc/>
    public bool ContinueOnError => false;

    /// <inheritdoc/>
    public int LineNumberOfTaskNode => 0;

    /// <inheritdoc/>
    public int ColumnNumberOfTaskNode => 0;

    /// <inheritdoc/>
    public string ProjectFileOfTaskNode => "App.csproj";

    /// <inheritdoc/>
    public void LogErrorEvent(BuildErrorEventArgs e) => Errors.Add(e);

    /// <inheritdoc/>
    public void LogWarningEvent(BuildWarningEventArgs e) => Warnings.Add(e);

    /// <inheritdoc/>
    public void LogMessageEvent(BuildMessageEventArgs e)
    {
    }

    /// <inheritdoc/>
    public void LogCustomEvent(CustomBuildEventArgs e)
    {
    }

    /// <inheritdoc/>
    public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) =>
        throw new NotSupportedException();
}
