using System.Collections.Generic;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Sscma.Build.Tasks.Reporting;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks.Models;

/// <summary>Reports what is wrong with an item, at its place in the project file.</summary>
internal sealed class ItemReport(TaskLoggingHelper log, string project)
{
    /// <summary>Reports an error.</summary>
    public void Error(string code, string message, ITaskItem item, string itemType, string? metadata = null)
    {
        var place = ItemPlace.Of(item, itemType, metadata, project);
        log.Error(code, message, place.File, place.Line, place.Column);
    }

    /// <summary>Warns of metadata that nobody reads: a misspelt name would silently do nothing.</summary>
    public void UnknownMetadata(ITaskItem item, string itemType, IReadOnlyList<string> known)
    {
        // What MSBuild itself puts on every item is not the user's.
        foreach (var name in item.CloneCustomMetadata().Keys.Cast<string>().OrderBy(name => name, System.StringComparer.Ordinal))
        {
            if (known.Contains(name, System.StringComparer.OrdinalIgnoreCase))
                continue;
            var place = ItemPlace.Of(item, itemType, name, project);
            var message = $"{itemType} '{item.ItemSpec}' has the metadata '{name}', which means nothing here.{NearestName.Question(name, known)} Known are {string.Join(", ", known)}.";
            log.Warning(Codes.UnknownMetadata, message, place.File, place.Line, place.Column);
        }
    }
}
