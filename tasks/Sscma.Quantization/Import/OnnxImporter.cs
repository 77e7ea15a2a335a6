using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Import;

/// <summary>
/// ONNX graph → network. Batch norms, constant factors and activations fold into the convolution before them; what TFLite has no
/// operator for is taken apart into nodes that it has. All nodes that cannot be expressed are collected and named in one error.
/// </summary>
internal sealed partial class OnnxImporter
{
    /// <summary>More elements than this in one value are refused: no device holds them, and sizes stay far from overflow.</summary>
    private const long MostElements = 1 << 28;

    private readonly Dictionary<string, View?> _views = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Scales.Codes> _coded = new(StringComparer.Ordinal);
    private readonly List<Layer> _layers = [];
    private readonly List<string> _problems = [];
    private readonly OnnxModel _model;
    private readonly OnnxModel _lowered;
    private readonly Constants _constants;
    private readonly bool _hasHardSwish;

    private OnnxImporter(OnnxModel model, bool hasHardSwish)
    {
        (_model, _hasHardSwish) = (model, hasHardSwish);
        // Nodes that are taken apart leave constants behind that nobody reads, which files before version 4 must not have.
        _lowered = model.Copy(leastIrVersion: 4);
        _lowered.Nodes.Clear();
        _constants = new Constants(model, ShapeOf);
        foreach (var name in model.Nodes.SelectMany(node => node.Inputs).Concat(model.Outputs.Select(output => output.Name)))
            _uses[name] = _uses.GetValueOrDefault(name) + 1;
    }

    /// <summary>Reads the graph.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="hasHardSwish">Whether the file's type has an operator for HardSwish; else it is taken apart.</param>
    /// <exception cref="DiagnosticException">SSCMA3003: nodes that TFLite or this exporter cannot express, all of them.
    /// SSCMA3004: the input is no (1, C, H, W) image of known size.</exception>
    public static Network Import(OnnxModel model, bool hasHardSwish = true)
    {
        var importer = new OnnxImporter(model, hasHardSwish);
        var input = importer.ReadInput();
        foreach (var node in model.Nodes)
            importer.Read(node);
        var outputs = importer.ReadOutputs();
        if (importer._problems.Count > 0)
        {
            throw new DiagnosticException(Diagnostics.Codes.OnnxNodesUnsupported,
                $"{importer._problems.Count} node(s) of the ONNX graph cannot be expressed in TFLite: {string.Join("; ", importer._problems)}. "
                + "Export the model without them; docs/export.md lists what is known of each operator.");
        }

        return new Network(input, importer._layers, outputs) { Lowered = importer._lowered };
    }

    /// <summary>The graph's input alone.</summary>
    /// <exception cref="DiagnosticException">SSCMA3004: it is no (1, C, H, W) image of known size.</exception>
    public static Value InputOf(OnnxModel model) => new OnnxImporter(model, hasHardSwish: true).ReadInput();

    private Value ReadInput()
    {
        var inputs = _model.Inputs.Where(input => !_constants.Has(input.Name)).ToList();
        if (inputs is not [{ Type: OnnxType.Float, Shape: [var batch, > 0 and < 4096 and var channels, > 0 and < 32768 and var height, > 0 and < 32768 and var width] } only]
            || batch is not (1 or -1) || channels * height * width > MostElements)
        {
            var found = string.Join(", ", inputs.Select(input => $"'{input.Name}' {input.Type} [{string.Join(',', input.Shape ?? [])}]"));
            throw new DiagnosticException(Diagnostics.Codes.OnnxInputUnknown,
                $"the ONNX graph must have one float input [1, channels, height, width] of known size; it has {found}. Export it with a fixed image size and batch 1.");
        }

        var value = new Value(only.Name, 1, (int)height, (int)width, (int)channels);
        _views[only.Name] = new View(value);
        return value;
    }

    private List<Value> ReadOutputs()
    {
        List<Value> outputs = [];
        if (_model.Outputs.Count == 0)
            _problems.Add("the graph has no output");
        foreach (var twice in _model.Outputs.CountBy(output => output.Name).Where(output => output.Value > 1))
            _problems.Add($"output '{twice.Key}': it is listed {twice.Value} times");
        foreach (var name in _model.Outputs.Select(output => output.Name))
        {
            if (!_views.TryGetValue(name, out var view))
                _problems.Add($"output '{name}': {(_constants.Has(name) ? "it is a constant" : "no node makes it")}");
            else if (view is { Layout: Layout.Image } && _layers.TrueForAll(layer => layer.Output != view.Value))
                _problems.Add($"output '{name}': it is the input itself");
            else if (view is not null)
                outputs.Add(Output(name, view));
        }

        return outputs;
    }

    /// <summary>Images keep channels last, as TFLite has them; everything else gets the shape and order that it has in ONNX.</summary>
    private Value Output(string name, View view)
    {
        if (view.Layout is Layout.Image or Layout.ChannelsLast)
            return view.Value;
        var plain = view.IsPlain ? view.Value : Plain($"{name}/order", view).Value;
        var output = new Value(name == plain.Name ? $"{name}/shape" : name, Array.ConvertAll(view.Shape, extent => (int)extent));
        _layers.Add(new ReshapeLayer(name, plain, output));
        return output;
    }

    private void Read(OnnxNode node)
    {
        string? problem;
        try
        {
            if (_constants.Take(node))
            {
                _lowered.Nodes.Add(node);
                return;
            }

            problem = node.Domain is not ("" or "ai.onnx") ? $"the operator set '{node.Domain}' is not known"
                : node.Inputs.Count == 0 ? "it has no operand"
                : node.Outputs.Count == 0 ? "it has no result"
                : Translate(node);
        }
        catch (InvalidDataException unfit)
        {
            problem = unfit.Message;
        }

        if (problem is null)
            return;
        if (problem.Length > 0)
            _problems.Add($"'{NameOf(node)}' ({node.Op}): {problem}");
        foreach (var output in node.Outputs)
            _views[output] = null;
    }

    /// <summary>Adds the node's layers; returns null, or what stands in the way (empty where an earlier node is to blame).</summary>
    private string? Translate(OnnxNode node)
    {
        if (IsOfShuffle(node))
            return null;
        if (InFourAxes(node, out var problem) is { } four)
            return ReplaceFive(node, four);
        if (problem is not null)
            return problem;
        if (Expand(node, out problem) is { } parts)
        {
            Replace(node, parts);
            return null;
        }

        if (problem is not null)
            return problem;
        _lowered.Nodes.Add(node);
        return node.Op switch
        {
            "Conv" => Conv(node),
            "Gemm" => Gemm(node),
            "MatMul" => MatMul(node),
            "BatchNormalization" => BatchNorm(node),
            "Relu" => Activate(node, Activation.Relu),
            "Clip" => Clip(node),
            "LeakyRelu" => Unary(node, (input, output) => new LeakyReluLayer(NameOf(node), input, output, node.Float("alpha", 0.01f))),
            "HardSigmoid" => Saturated(node, node.Float("alpha", 0.2f), node.Float("beta", 0.5f)),
            "HardSwish" => Unary(node, (input, output) => new HardSwishLayer(NameOf(node), input, output)),
            "Sigmoid" => Unary(node, (input, output) => new SigmoidLayer(NameOf(node), input, output)),
            "Tanh" => Unary(node, (input, output) => new TanhLayer(NameOf(node), input, output)),
            "Softmax" => Softmax(node),
            "Add" or "Sub" or "Mul" or "Div" => Pairwise(node),
            "Neg" => View(node, 0, out var failed) is { } view ? Affine(node, view, Filled(view.Value.Channels, -1), new float[view.Value.Channels]) : failed,
            "Concat" => Concat(node),
            "Split" => Split(node),
            "Slice" => Slice(node),
            "MaxPool" or "GlobalMaxPool" => MaxPool(node),
            "AveragePool" => AveragePool(node),
            "Resize" or "Upsample" => Resize(node),
            "GlobalAveragePool" or "ReduceMean" => Mean(node),
            "Pad" => Pad(node),
            "Transpose" => Transpose(node),
            "Reshape" => Reshape(node),
            "Flatten" => Rearrange(node, Shapes.Flattened, node.Int("axis", 1)),
            "Squeeze" => Squeeze(node),
            "Unsqueeze" => Unsqueeze(node),
            "QuantizeLinear" => Quantize(node),
            "DequantizeLinear" => Dequantize(node),
            "Identity" or "Dropout" => Alias(node),
            _ => "the operator is not known",
        };
    }

    /// <summary>Reads other nodes in the place of one.</summary>
    private void Replace(OnnxNode node, IReadOnlyList<OnnxNode> parts)
    {
        foreach (var input in node.Inputs)
            _uses[input]--;
        foreach (var input in parts.SelectMany(part => part.Inputs))
            _uses[input] = _uses.GetValueOrDefault(input) + 1;
        foreach (var part in parts)
            Read(part);
    }

    /// <summary>A new constant of the graph.</summary>
    private string Constant(string name, float[] values, params long[] shape) => Constant(OnnxTensor.From(name, values, shape));

    private string Constant(string name, params long[] values) => Constant(OnnxTensor.From(name, values, values.Length));

    private string Constant(OnnxTensor tensor)
    {
        _constants.Add(tensor);
        _lowered.Initializers.Add(tensor);
        return tensor.Name;
    }

    /// <summary>What stands at an operand's place; null where there is nothing or an earlier node failed, with the reason.</summary>
    private View? View(OnnxNode node, int operand, out string problem)
    {
        problem = "";
        if (operand >= node.Inputs.Count)
            problem = $"operand {operand} is missing";
        else if (_constants.Has(node.Inputs[operand]))
            problem = $"operand {operand} is a constant";
        else if (_coded.ContainsKey(node.Inputs[operand]))
            problem = $"operand {operand} is codes; a DequantizeLinear must follow every QuantizeLinear";
        else if (!_views.TryGetValue(node.Inputs[operand], out var view))
            problem = $"nothing makes its operand '{node.Inputs[operand]}'";
        else
            return view;
        return null;
    }

    /// <summary>The image at an operand's place, with its elements moved if need be; null where there is none, with the reason.</summary>
    private Value? Image(OnnxNode node, int operand, out string problem)
    {
        if (View(node, operand, out problem) is not { } view)
            return null;
        if (view.Layout == Layout.Image)
            return view.Value;
        if (view.Layout != Layout.ChannelsLast)
        {
            problem = $"operand {operand} has the shape [{string.Join(',', view.Shape)}], an image [1,C,H,W] was expected";
            return null;
        }

        var (from, name) = (view.Value, $"{NameOf(node)}/operand{operand}");
        var image = new Value(name, 1, from.Width, from.Channels, from.Height);
        _layers.Add(new TransposeLayer(name, from, image, [0, 2, 3, 1]));
        return image;
    }

    /// <summary>The same elements, in memory as ONNX has them.</summary>
    private View Plain(string name, View view)
    {
        var (from, kept) = (view.Value, view.Axes.SelectMany(axes => axes).ToArray());
        var turned = new Value(name, [.. kept.Select(axis => from.Shape[axis])]) { ChannelsLast = true };
        _layers.Add(new TransposeLayer(name, from, turned, kept));
        var shape = view.Shape;
        return shape.Length switch
        {
            4 => new View(turned, Layout.ChannelsLast),
            3 => new View(Reshaped(name, turned, 1, 1, (int)shape[1], (int)shape[2]), Layout.Cells),
            _ => new View(Reshaped(name, turned, 1, 1, 1, (int)shape[1]), Layout.Flat),
        };
    }

    private Value Reshaped(string name, Value from, params int[] shape)
    {
        if (from.Shape.SequenceEqual(shape))
            return from;
        var value = new Value($"{name}/shape", shape) { ChannelsLast = true };
        _layers.Add(new ReshapeLayer(value.Name, from, value));
        return value;
    }

    /// <summary>Makes the value of a node's result.</summary>
    private static Value Result(OnnxNode node, long height, long width, long channels, bool channelsLast = false) =>
        height * (double)width * channels is > 0 and <= MostElements
            ? new(node.Outputs[0], 1, (int)height, (int)width, (int)channels) { ChannelsLast = channelsLast }
            : throw new InvalidDataException($"its result [1,{channels},{height},{width}] is empty or too large");

    private static Value ResultLike(OnnxNode node, View like) =>
        Result(node, like.Value.Height, like.Value.Width, like.Value.Channels, like.Layout is Layout.ChannelsLast or Layout.Cells);

    private string? Append(OnnxNode node, Layer layer, Layout layout = Layout.Image)
    {
        _layers.Add(layer);
        _views[node.Outputs[0]] = new View(layer.Output, layout);
        return null;
    }

    /// <summary>Puts a changed layer in the place of the one that made the node's operand.</summary>
    private string? Replace(OnnxNode node, int index, Layer layer, Layout layout)
    {
        // The changed layer takes the node's place in time, so that the name of its result is never used before it is made.
        _layers.RemoveAt(index);
        return Append(node, layer, layout);
    }

    /// <summary>The index of the layer that makes a value only this node uses; -1 if there is none.</summary>
    private int SoleMaker(Value value) =>
        _uses.GetValueOrDefault(value.Name) == 1 ? _layers.FindIndex(layer => layer.Output == value) : -1;

    private static string NameOf(OnnxNode node) => node.Name.Length > 0 ? node.Name : node.Outputs.FirstOrDefault() ?? "";
}
