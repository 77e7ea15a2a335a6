namespace Sscma.Training;

/// <summary>Weights from elsewhere with which a training begins, as far as they fit.</summary>
/// <param name="File">safetensors, or a state dict that <c>torch.save</c> wrote.</param>
/// <param name="Sha256">What the file must be; null for whatever it is.</param>
public sealed record Pretrained(string File, string? Sha256);
