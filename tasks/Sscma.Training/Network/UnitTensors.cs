using static TorchSharp.torch;

namespace Sscma.Training.Network;

/// <summary>The tensors of one convolution: views into the flat buffers of a <see cref="ParameterStore"/>.</summary>
/// <param name="Weight">(Out, In / Groups, Kernel, Kernel).</param>
/// <param name="Bias">(Out), only without a norm.</param>
/// <param name="Norm">The norm, if there is one.</param>
internal sealed record UnitTensors(Tensor Weight, Tensor? Bias, NormTensors? Norm);

/// <summary>The tensors of one batch norm, (Out) each.</summary>
internal sealed record NormTensors(Tensor Scale, Tensor Shift, Tensor Mean, Tensor Variance, int Counter);
