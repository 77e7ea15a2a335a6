using System.Globalization;
using Sscma.Build.Worker.Verbs;
using Sscma.Diagnostics;
using Sscma.Files;
using Sscma.Onnx;
using Sscma.Quantization.Tests;
using Sscma.Tensors;
using Sscma.TestSupport;
using Sscma.Training.Configuration;
using Sscma.Training.Network;
using Sscma.Training.Weights;

namespace Sscma.Build.Worker.Tests;

/// <summary>Models that start with a file of the user.</summary>
[TestClass]
public sealed class GivenModelTests
{
    private const string Config = "rtmdet_nano_8xb32_300e_coco_relu";

    private readonly string _folder = TestPaths.Scratch();
    private readonly StringWriter _console = new(CultureInfo.InvariantCulture);
    private readonly DiagnosticList _diagnostics = new();

    [TestMethod]
    public void An_onnx_file_is_checked_and_copied_and_what_an_earlier_training_left_is_removed()
    {
        OnnxFile.Write(SmallDetector.Make(2, labels: false), InFolder("given.onnx"));
        File.WriteAllText(InFolder("training.json"), "{}");
        Run(("startOnnx", InFolder("given.onnx")));
        Assert.AreEqual(Digest.OfFile(InFolder("given.onnx")), Digest.OfFile(InFolder("model.onnx")));
        Assert.IsFalse(File.Exists(InFolder("training.json")));

        File.WriteAllText(InFolder("bad.onnx"), "no model");
        var broken = Fails(("startOnnx", InFolder("bad.onnx")));
        Assert.AreEqual((Codes.OnnxUnreadable, InFolder("bad.onnx")), (broken.Code, broken.File));

        var model = OnnxFile.Read(InFolder("given.onnx"));
        model.Outputs.RemoveAt(5);
        OnnxFile.Write(model, InFolder("five.onnx"));
        var other = Fails(("startOnnx", InFolder("five.onnx")));
        Assert.AreEqual((Codes.OnnxNotADetector, InFolder("five.onnx")), (other.Code, other.File));
        Assert.Contains("it has 5 outputs", other.Message);
        Run(("startOnnx", InFolder("five.onnx")), ("targetRuntime", "generic"));
        Assert.AreEqual(Digest.OfFile(InFolder("five.onnx")), Digest.OfFile(InFolder("model.onnx")));
        Assert.Contains("(it has 5 outputs): it is exported as a plain network", _console.ToString());
    }

    [TestMethod]
    public void Weights_become_an_onnx_file_with_the_labels_of_the_dataset_and_others_are_named()
    {
        File.WriteAllText(InFolder("train.json"), """
            { "images": [ { "id": 1, "file_name": "1.png" } ], "categories": [ { "id": 1, "name": "bolt" }, { "id": 2, "name": "nut" } ],
              "annotations": [ { "id": 1, "image_id": 1, "category_id": 2, "bbox": [0, 0, 1, 1] } ] }
            """);
        File.WriteAllBytes(InFolder("1.png"), Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="));
        var config = ConfigLoader.Load(Config, Path.Combine(TestPaths.Repository, "targets", "configs"), []);
        using (var detector = RtmDet.Create(config, 2, seed: 5))
            WeightFile.Save(InFolder("given.safetensors"), detector.Parameters);
        (string, string)[] options =
        [
            ("config", Config), ("configFolder", Path.Combine(TestPaths.Repository, "targets", "configs")), ("imageSize", "96"),
            ("train.count", "1"), ("train.0.format", "coco"), ("train.0.name", "parts"), ("train.0.dataset", "parts"), ("train.0.annotations", InFolder("train.json")),
            ("train.0.images", _folder), ("train.0.split", "train"), ("train.0.classMap", "nut=hexagon"),
        ];
        Run([.. options, ("startWeights", InFolder("given.safetensors"))]);
        Assert.AreEqual(Digest.OfFile(InFolder("given.safetensors")), Digest.OfFile(InFolder("weights.safetensors")));
        var model = OnnxFile.Read(InFolder("model.onnx"));
        Assert.AreEqual("[\"bolt\",\"hexagon\"]", model.Metadata[OnnxMetadata.Labels]);
        Assert.AreEqual("96", model.Metadata[OnnxMetadata.ImageSize]);

        var tensors = SafeTensors.Read(InFolder("given.safetensors")).ToDictionary();
        var (gone, renamed) = (tensors.Keys.Order(StringComparer.Ordinal).First(), tensors.Keys.Order(StringComparer.Ordinal).Last());
        tensors["stranger"] = tensors[renamed];
        tensors.Remove(gone);
        SafeTensors.Write(InFolder("other.safetensors"), tensors);
        var error = Fails([.. options, ("startWeights", InFolder("other.safetensors"))]);
        Assert.AreEqual((Codes.WeightsMismatch, InFolder("other.safetensors")), (error.Code, error.File));
        Assert.Contains($"1 missing ({gone}); 1 not of this network (stranger)", error.Message);

        var shape = Fails([.. options, ("train.0.classMap", "nut=bolt"), ("startWeights", InFolder("given.safetensors"))]);
        Assert.Contains("of another shape (bbox_head.head_module.rtm_cls.0.bias [2] instead of [1]", shape.Message);
    }

    private Diagnostic Fails(params (string Key, string Value)[] options) => Assert.ThrowsExactly<DiagnosticException>(() => Run(options)).Diagnostic;

    private void Run(params (string Key, string Value)[] options) => new TrainVerb().Run(
        new WorkerOptions(options.Concat([("model", "parts"), ("workFolder", _folder)]).GroupBy(pair => pair.Item1).Select(same => KeyValuePair.Create(same.Key, same.Last().Item2))),
        new WorkerContext(_diagnostics, _console, CancellationToken.None));

    private string InFolder(string name) => Path.Combine(_folder, name);
}
