using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Sscma.Build.Tasks.Models;
using Sscma.Build.Tasks.Natives;
using Sscma.Build.Tasks.Reporting;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks;

/// <summary>Images and boxes become weights.safetensors and model.onnx. The long one: minutes to hours.</summary>
public sealed class TrainDetector : WorkerTask
{
    private const string Package = "LibTorch";

    /// <summary>A folder with another libtorch than that of the NuGet package for the processor, such as one for CUDA; empty for none.</summary>
    public string LibTorch { get; set; } = "";

    private protected override string Verb => "train";

    private static string LibraryName => RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "torch_cpu.dll"
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "libtorch_cpu.dylib" : "libtorch_cpu.so";

    /// <inheritdoc/>
    public override bool Execute()
    {
        if (WorkerMemory.Value is { } settings)
            Variables[WorkerMemory.Variable] = settings;
        if (LibTorch.Length == 0)
            return base.Execute();
        if (!File.Exists(Path.Combine(LibTorch, LibraryName)))
        {
            Log.Error(Codes.BadProperty, $"the property SscmaLibTorch names '{LibTorch}', where no {LibraryName} lies; expected the folder that holds libtorch's libraries, absolute or relative to the project.", new ResolvedModel(Model).Project);
            return false;
        }

        Natives = Natives.Where(native => native.GetMetadata("Library") != Package).ToArray();
        Variables[NativePackage.VariableOf(Package)] = LibTorch;
        return base.Execute();
    }

    private protected override string? Announcement(ResolvedModel model) =>
        !model.IsTrained ? null : $"{model.Name}: training; its progress is also in the file '{model.PathOf("train.log")}' (follow it with: tail -f) and, with pictures, in '{model.PathOf("train.html")}'";
}
