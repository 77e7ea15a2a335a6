namespace Sscma.Quantization;

/// <summary>Which runtime a file is made for.</summary>
public enum TargetRuntime
{
    /// <summary>The SSCMA-Micro firmware, which runs RTMDet detectors.</summary>
    SscmaMicro,

    /// <summary>Any other: every network of one image is exported, whatever its outputs are.</summary>
    Generic,
}
