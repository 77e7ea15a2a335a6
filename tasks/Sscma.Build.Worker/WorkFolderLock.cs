namespace Sscma.Build.Worker;

/// <summary>
/// One worker at a time in a model's work folder, whatever number of builds there are. The system frees the lock when its process ends,
/// so the file that a crash leaves behind holds nobody up.
/// </summary>
internal sealed class WorkFolderLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly FileStream? _stream;

    private WorkFolderLock(FileStream? stream) => _stream = stream;

    /// <summary>Waits until the folder is free and takes it. Options without a work folder need no lock.</summary>
    /// <exception cref="OperationCanceledException">The build was cancelled while waiting.</exception>
    public static WorkFolderLock Take(WorkerOptions options, WorkerContext context)
    {
        if (options.Optional("workFolder") is not { } folder)
            return new WorkFolderLock(null);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "worker.lock");
        var waiting = false;
        while (true)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            try
            {
                return new WorkFolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!waiting)
                    context.Console.WriteLine($"{options.Optional("model")}: another build works in '{folder}'; waiting for it");
                waiting = true;
                context.Cancellation.WaitHandle.WaitOne(Pause);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream?.Dispose();
}
