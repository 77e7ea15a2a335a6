using Sscma.Coco.Evaluation;
using Sscma.Tflite.Detection;

namespace Sscma.Build.Worker.Evaluation;

/// <summary>How well the SSCMA-Micro firmware finds what is in the split: the same file and images, the device's own way to look and to report.</summary>
/// <param name="Options">The device's thresholds.</param>
/// <param name="Detections">How many boxes it reports.</param>
/// <param name="Result">The evaluation of these boxes.</param>
internal sealed record DeviceView(FirmwareOptions Options, int Detections, EvaluationResult Result);
