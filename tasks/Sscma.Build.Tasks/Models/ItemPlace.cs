using System;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;
using Microsoft.Build.Framework;

namespace Sscma.Build.Tasks.Models;

/// <summary>Where in a project file an item or one of its metadata is written.</summary>
internal readonly struct ItemPlace
{
    private ItemPlace(string file, int line, int column)
    {
        File = file;
        Line = line;
        Column = column;
    }

    /// <summary>The project or import that declares the item.</summary>
    public string File { get; }

    /// <summary>Line counted from 1, or 0 when the item was made otherwise (a wildcard, a target).</summary>
    public int Line { get; }

    /// <summary>Column counted from 1, or 0.</summary>
    public int Column { get; }

    /// <summary>Looks an item up: only done for a message, since it reads the project file once more.</summary>
    public static ItemPlace Of(ITaskItem item, string itemType, string? metadata, string project)
    {
        var file = item.GetMetadata("DefiningProjectFullPath") is { Length: > 0 } defining ? defining : project;
        var element = Find(file, itemType, item.ItemSpec);
        if (element is null)
            return new ItemPlace(file, 0, 0);
        IXmlLineInfo place = element;
        if (metadata is not null)
            place = (IXmlLineInfo?)element.Attribute(metadata) ?? element.Elements().FirstOrDefault(child => child.Name.LocalName == metadata) ?? place;
        return new ItemPlace(file, place.LineNumber, place.LinePosition);
    }

    private static XElement? Find(string file, string itemType, string name)
    {
        try
        {
            return XDocument.Load(file, LoadOptions.SetLineInfo).Descendants().FirstOrDefault(element =>
                element.Name.LocalName == itemType
                && ((string?)element.Attribute("Include") ?? "").Split(';').Any(part => part.Trim() == name));
        }
        catch (Exception unreadable) when (unreadable is IOException or XmlException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
