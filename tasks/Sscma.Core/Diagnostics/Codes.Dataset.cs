namespace Sscma.Diagnostics;

// SSCMA1xxx: dataset. One constant per code, in numeric order; a number that was shipped is never given to another cause.
public static partial class Codes
{
}
