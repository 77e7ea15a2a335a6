namespace Sscma.Coco;

/// <summary>Where something stands that a diagnostic speaks of; line and column are counted from 1, and 0 when there are none.</summary>
internal readonly record struct SourcePlace(string File, int Line = 0, int Column = 0);
