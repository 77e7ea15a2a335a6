using Sscma.Diagnostics;

namespace Sscma.Build.Worker;

/// <summary>What a verb talks to while it works.</summary>
/// <param name="Diagnostics">Takes warnings, and errors that do not end the verb at once. An error makes the worker fail.</param>
/// <param name="Console">Takes progress lines; the build shows them as they come.</param>
/// <param name="Cancellation">Is set when the build ends early: stop soon and leave nothing half-written.</param>
internal sealed record WorkerContext(IDiagnosticSink Diagnostics, TextWriter Console, CancellationToken Cancellation);
