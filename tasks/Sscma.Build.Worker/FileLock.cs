namespace Sscma.Build.Worker;

/// <summary>
/// A file that one process at a time holds open. The system closes it when its process ends, so the file that a crash leaves behind holds nobody up.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>Waits until the file is free and takes it.</summary>
    /// <param name="path">The file; it is made when it is not there.</param>
    /// <param name="waiting">Said once, when another process holds it.</param>
    /// <param name="context">What the waiting talks to.</param>
    /// <exception cref="OperationCanceledException">The build was cancelled while waiting.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static FileLock Take(string path, string waiting, WorkerContext context)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var said = false;
        while (true)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!said)
                    context.Console.WriteLine(waiting);
                said = true;
                context.Cancellation.WaitHandle.WaitOne(Pause);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
