namespace Sscma.Build.Worker;

/// <summary>One thing that the worker can be started for: <c>train</c>, <c>export</c>, <c>evaluate</c> or <c>embed</c>.</summary>
internal interface IVerb
{
    /// <summary>The first word of the command line.</summary>
    string Name { get; }

    /// <summary>
    /// Does the work. Everything it needs is in <paramref name="options"/>; it returns when all its outputs stand under their final names.
    /// </summary>
    /// <exception cref="Diagnostics.DiagnosticException">A mistake of the user: it becomes one build error.</exception>
    /// <exception cref="OperationCanceledException">The build was cancelled.</exception>
    void Run(WorkerOptions options, WorkerContext context);
}
