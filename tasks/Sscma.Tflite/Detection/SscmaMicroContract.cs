namespace Sscma.Tflite.Detection;

/// <summary>What the SSCMA-Micro firmware asks of an RTMDet file. Source: Seeed-Studio SSCMA-Micro, commit 60e2ede (March 2026).</summary>
public static class SscmaMicroContract
{
    /// <summary>Everything in which a model breaks the contract, one sentence each; empty when it is sound.</summary>
    public static IReadOnlyList<string> Check(TfliteModel model) => throw new NotSupportedException("lands next");
}
