namespace Sscma.Tflite.Interpretation;

/// <summary>Work in parts that can be done at the same time: each writes only what is its own.</summary>
internal interface IParts
{
    /// <summary>Does one part.</summary>
    /// <param name="part">Which.</param>
    /// <param name="worker">The thread's number, for its scratch memory.</param>
    void RunPart(int part, int worker);
}
