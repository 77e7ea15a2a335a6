using Sscma.Diagnostics;
using Sscma.Natives;
using Sscma.Training.Configuration;
using Sscma.Training.Devices;
using Sscma.Training.Tests.Loop;
using TorchSharp;

namespace Sscma.Training.Tests.Devices;

[TestClass]
public sealed class TrainingDeviceTests
{
    private static readonly DeviceSupport Processor = new("/nuget/libtorch-cpu", CudaLibrary: false, CudaDevices: 0, Mps: false);
    private static readonly DeviceSupport WithoutDriver = Processor with { Folder = "/libtorch-cuda", CudaLibrary = true };
    private static readonly DeviceSupport Gpu = WithoutDriver with { CudaDevices = 2 };
    private static readonly DeviceSupport Mac = Processor with { Mps = true };

    [TestMethod]
    public void A_word_means_a_device_that_is_there()
    {
        Assert.AreEqual(DeviceType.CPU, TrainingDevice.Choose("CPU", () => throw new InvalidOperationException("nobody has to look")));
        Assert.AreEqual(DeviceType.CPU, TrainingDevice.Choose("auto", () => Processor));
        Assert.AreEqual(DeviceType.CPU, TrainingDevice.Choose("auto", () => WithoutDriver));
        Assert.AreEqual(DeviceType.CUDA, TrainingDevice.Choose("Auto", () => Gpu));
        Assert.AreEqual(DeviceType.CUDA, TrainingDevice.Choose("cuda", () => Gpu));
        Assert.AreEqual(DeviceType.MPS, TrainingDevice.Choose("mps", () => Mac));
        Assert.AreEqual(DeviceType.CPU, TrainingDevice.Choose("auto", () => Mac), "Metal is used where it is named");
    }

    [TestMethod]
    public void A_device_that_is_not_there_is_an_error_that_says_what_to_install()
    {
        Assert.Contains("the libtorch in '/nuget/libtorch-cpu' is the one for the processor. Let SscmaLibTorch name", Fault("cuda", Processor));
        Assert.Contains("no CUDA device answers the libtorch in '/libtorch-cuda'. Install NVIDIA's driver", Fault("CUDA", WithoutDriver));
        Assert.Contains("a Mac with Apple silicon", Fault("mps", Gpu));
        Assert.AreEqual("SscmaDevice is 'gpu', expected one of auto, cpu, cuda, mps.", Fault("gpu", Gpu));
    }

    [TestMethod]
    public void Here_is_what_libtorch_says()
    {
        var here = DeviceSupport.Here();

        Assert.AreEqual(NativeLibraries.TorchFolder, here.Folder);
        Assert.AreEqual(File.Exists(Path.Combine(here.Folder!, "libtorch_cuda.so")) || File.Exists(Path.Combine(here.Folder!, "torch_cuda.dll")), here.CudaLibrary);
        Assert.IsTrue(here.CudaLibrary || here.CudaDevices == 0);
    }

    [TestMethod]
    public void Mixed_precision_is_for_devices_that_have_it()
    {
        var asked = new TrainConfig { Amp = true };
        var halves = new TrainConfig { Bfloat16 = true };

        Assert.AreEqual(("cpu", false), Plan(asked, DeviceType.CPU));
        Assert.AreEqual(("mps", false), Plan(asked, DeviceType.MPS));
        Assert.AreEqual(("cuda float16", true), Plan(asked, DeviceType.CUDA));
        Assert.AreEqual(("cuda", false), Plan(new TrainConfig(), DeviceType.CUDA));
        Assert.AreEqual(("cpu bfloat16", true), Plan(halves, DeviceType.CPU));
        Assert.AreEqual(("cuda", false), Plan(halves, DeviceType.CUDA));
        Assert.IsFalse(ComputePlan.Of(halves, DeviceType.CPU).Scales, "its exponent is that of float32");
        static (string, bool) Plan(TrainConfig config, DeviceType device) => (ComputePlan.Of(config, device).ToString(), ComputePlan.Of(config, device).Reduced is not null);
    }

    [TestMethod]
    public void A_training_says_where_it_computes_and_that_the_processor_goes_without_float16()
    {
        var data = new TinyDataset();
        var config = TinyDataset.Config with { Train = TinyDataset.Config.Train with { MaxEpochs = 1, Amp = true } };
        using var console = new LineWatch();
        var here = DeviceSupport.Here();

        if (here.CudaDevices == 0)
        {
            var problem = Assert.ThrowsExactly<DiagnosticException>(() => DetectorTrainer.Train(data.Request("cuda", config) with { Device = "cuda" }, new DiagnosticList(), console, CancellationToken.None));
            Assert.AreEqual(Codes.DeviceUnknown, problem.Diagnostic.Code);
        }

        DetectorTrainer.Train(data.Request("auto", config) with { Device = here.CudaDevices == 0 ? "auto" : "cpu" }, new DiagnosticList(), console, CancellationToken.None);

        Assert.AreEqual(here.CudaDevices == 0, console.Lines.Contains("Device: cpu"));
        Assert.Contains("Note: train.amp asks for float16, which cpu trains without: all of it is float32.", console.Lines);
        Assert.Contains("\"device\": \"cpu\"", File.ReadAllText(Path.Combine(data.Folder, "auto", "training.json")));
    }

    private static string Fault(string wanted, DeviceSupport here)
    {
        var problem = Assert.ThrowsExactly<DiagnosticException>(() => TrainingDevice.Choose(wanted, () => here));
        Assert.AreEqual(Codes.DeviceUnknown, problem.Diagnostic.Code);
        return problem.Diagnostic.Message;
    }
}
