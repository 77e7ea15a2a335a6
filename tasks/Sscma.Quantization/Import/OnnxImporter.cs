using Sscma.Diagnostics;
using Sscma.Onnx;
using Sscma.Quantization.Graph;
using Sscma.Tflite;

namespace Sscma.Quantization.Import;

/// <summary>
/// ONNX graph → network. Batch norms, constant factors and activations fold into the convolution before them.
/// All nodes that cannot be expressed are collected and named in one error.
/// </summary>
internal sealed partial class OnnxImporter
{
    private readonly Dictionary<string, View?> _views = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly List<Layer> _layers = [];
    private readonly List<string> _problems = [];
    private readonly OnnxModel _model;
    private readonly Constants _constants;

    private OnnxImporter(OnnxModel model)
    {
        _model = model;
        _constants = new Constants(model);
        foreach (var name in model.Nodes.SelectMany(node => node.Inputs).Concat(model.Outputs.Select(output => output.Name)))
            _uses[name] = _uses.GetValueOrDefault(name) + 1;
    }

    /// <summary>Reads the graph.</summary>
    /// <exception cref="DiagnosticException">SSCMA3003: nodes that TFLite int8 or this exporter cannot express, all of them.
    /// SSCMA3004: the input is no (1, 3, H, W) image of known size.</exception>
    public static Network Import(OnnxModel model)
    {
        var importer = new OnnxImporter(model);
        var input = importer.ReadInput();
        foreach (var node in model.Nodes)
            importer.Read(node);
        var outputs = importer.ReadOutputs();
        if (importer._problems.Count > 0)
        {
            throw new DiagnosticException(Codes.OnnxNodesUnsupported,
                $"{importer._problems.Count} node(s) of the ONNX graph cannot be expressed in int8: {string.Join("; ", importer._problems)}. "
                + "Export a detector made of convolutions, batch norms, ReLU, hard-sigmoid attention, sums, products, concatenations, pools and nearest resizes.");
        }

        return new Network(input, importer._layers, outputs);
    }

    private Value ReadInput()
    {
        var inputs = _model.Inputs.Where(input => !_constants.Has(input.Name)).ToList();
        if (inputs is not [{ Type: OnnxType.Float, Shape: [var batch, > 0 and var channels, > 0 and var height, > 0 and var width] } only] || batch is not (1 or -1))
        {
            var found = string.Join(", ", inputs.Select(input => $"'{input.Name}' {input.Type} [{string.Join(',', input.Shape ?? [])}]"));
            throw new DiagnosticException(Codes.OnnxInputUnknown,
                $"the ONNX graph must have one float input [1, channels, height, width] of known size; it has {found}. Export it with a fixed image size and batch 1.");
        }

        var value = new Value(only.Name, 1, (int)height, (int)width, (int)channels);
        _views[only.Name] = new View(value);
        return value;
    }

    private List<Value> ReadOutputs()
    {
        List<Value> outputs = [];
        foreach (var name in _model.Outputs.Select(output => output.Name))
        {
            if (!_views.TryGetValue(name, out var view))
            {
                _problems.Add($"output '{name}': no node makes it");
            }
            else if (view is { Layout: Layout.Image or Layout.ChannelsLast })
            {
                outputs.Add(view.Value);
            }
            else if (view is { Layout: Layout.Cells })
            {
                var cells = new Value(name, 1, view.Value.Height * view.Value.Width, view.Value.Channels);
                _layers.Add(new ReshapeLayer(name, view.Value, cells));
                outputs.Add(cells);
            }
            else if (view is not null)
            {
                _problems.Add($"output '{name}': its cells must come before its channels");
            }
        }

        return outputs;
    }

    private void Read(OnnxNode node)
    {
        if (_constants.Take(node))
            return;
        var problem = node.Domain.Length > 0 ? $"the operator set '{node.Domain}' is not known" : Translate(node);
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
        try
        {
            return node.Op switch
            {
                "Conv" => Conv(node),
                "BatchNormalization" => BatchNorm(node),
                "Relu" => Activate(node, Activation.Relu),
                "Clip" => Clip(node),
                "HardSigmoid" => HardSigmoid(node),
                "Sigmoid" => Sigmoid(node),
                "Add" => Pairwise(node),
                "Mul" => Pairwise(node),
                "Concat" => Concat(node),
                "MaxPool" => MaxPool(node),
                "Resize" or "Upsample" => Resize(node),
                "GlobalAveragePool" or "ReduceMean" => Mean(node),
                "Pad" => Pad(node),
                "Transpose" => Transpose(node),
                "Reshape" => Reshape(node),
                "Identity" or "Dropout" => Alias(node),
                _ => "the operator is not known",
            };
        }
        catch (InvalidDataException problem)
        {
            return problem.Message;
        }
    }

    /// <summary>The image at an operand's place; null where it is no image or an earlier node failed, with the reason.</summary>
    private Value? Image(OnnxNode node, int operand, out string problem)
    {
        problem = "";
        if (operand >= node.Inputs.Count)
            problem = $"operand {operand} is missing";
        else if (_constants.Has(node.Inputs[operand]))
            problem = $"operand {operand} is a constant";
        else if (!_views.TryGetValue(node.Inputs[operand], out var view))
            problem = $"nothing makes its operand '{node.Inputs[operand]}'";
        else if (view is { Layout: Layout.Image })
            return view.Value;
        else if (view is not null)
            problem = "a transpose or reshape is only known at the end of the graph";
        return null;
    }

    /// <summary>Makes the value of a node's result.</summary>
    private Value Result(OnnxNode node, int height, int width, int channels) => new(node.Outputs[0], 1, height, width, channels);

    private Value ResultLike(OnnxNode node, Value like) => Result(node, like.Height, like.Width, like.Channels);

    private string? Append(OnnxNode node, Layer layer)
    {
        _layers.Add(layer);
        _views[node.Outputs[0]] = new View(layer.Output);
        return null;
    }

    /// <summary>Puts a changed layer in the place of the one that made the node's operand.</summary>
    private string? Replace(OnnxNode node, int index, Layer layer)
    {
        // The changed layer takes the node's place in time, so that the name of its result is never used before it is made.
        _layers.RemoveAt(index);
        return Append(node, layer);
    }

    /// <summary>The index of the layer that makes a value only this node uses; -1 if there is none.</summary>
    private int SoleMaker(Value value) =>
        _uses.GetValueOrDefault(value.Name) == 1 ? _layers.FindIndex(layer => layer.Output == value) : -1;

    private static string NameOf(OnnxNode node) => node.Name.Length > 0 ? node.Name : node.Outputs.FirstOrDefault() ?? "";
}
