using System;
using System.Collections.Generic;
using System.Linq;

namespace Sscma.Build.Tasks.Models;

/// <summary>The metadata ClassMap.</summary>
internal static class ClassMapText
{
    /// <summary>What is wrong with it, or null.</summary>
    public static string? Fault(string text)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in text.Split(';').Select(pair => pair.Trim()).Where(pair => pair.Length > 0))
        {
            var equals = pair.IndexOf('=');
            if (equals <= 0)
                return $"has '{pair}', where old=new was expected";
            if (!known.Add(pair.Substring(0, equals).Trim()))
                return $"renames '{pair.Substring(0, equals).Trim()}' twice";
        }

        return null;
    }
}
