namespace Sscma.Diagnostics;

/// <summary>
/// Every diagnostic code, by stage: 1xxx dataset, 2xxx training, 3xxx export, 4xxx evaluation and gate,
/// 5xxx embedding, 9xxx environment. The doc comment of a code says its cause and its cure.
/// </summary>
public static partial class Codes
{
}
