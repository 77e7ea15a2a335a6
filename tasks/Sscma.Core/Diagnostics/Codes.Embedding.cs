namespace Sscma.Diagnostics;

// SSCMA5xxx: embedding. One constant per code, in numeric order; a number that was shipped is never given to another cause.
public static partial class Codes
{
}
