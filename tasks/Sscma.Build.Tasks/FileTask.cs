using System;
using System.IO;
using Microsoft.Build.Utilities;
using Sscma.Build.Tasks.Reporting;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks;

/// <summary>A task that reads and writes files: a full disk or a missing permission is the user's to mend, so it is a coded error and no stack trace.</summary>
public abstract class FileTask : Task
{
    /// <inheritdoc/>
    public sealed override bool Execute()
    {
        try
        {
            return Run();
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or (IOException and not FileLoadException))
        {
            Log.Error(Codes.FileAccess, $"{problem.Message} Check that the path exists, its permissions, and the free space of its disk.", BuildEngine.ProjectFileOfTaskNode);
            return false;
        }
    }

    /// <summary>Does the work; false when an error was logged.</summary>
    private protected abstract bool Run();
}
