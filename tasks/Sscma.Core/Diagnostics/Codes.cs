namespace Sscma.Diagnostics;

/// <summary>
/// Every diagnostic code, by stage: 1xxx dataset, 2xxx training, 3xxx export, 4xxx evaluation and gate,
/// 5xxx embedding, 9xxx environment. The doc comment of a code is the only place of its
/// cause (first sentence) and its cure (the rest); "Warning:" before it says the severity. docs/diagnostics.md is generated from it.
/// </summary>
public static partial class Codes
{
}
