namespace Sscma.Tflite.Interpretation;

/// <summary>A prepared operator. The constructor has checked everything; running cannot fail.</summary>
internal interface IKernel
{
    /// <summary>Computes the outputs from what the inputs hold now.</summary>
    void Run();
}
