namespace Sscma.Onnx;

/// <summary>Protobuf bytes → model. Fields without meaning for us are skipped; what would change the result is refused.</summary>
internal static class OnnxReader
{
    public static OnnxModel Model(byte[] bytes)
    {
        long version = 0, opset = 0;
        string producer = "", producerVersion = "";
        byte[]? graph = null;
        var others = new Dictionary<string, long>();
        var metadata = new List<(string Key, string Text)>();
        foreach (var part in ProtoMessage.Fields(bytes))
        {
            switch (part.Field)
            {
                case Field.Model.IrVersion: version = part.Long(); break;
                case Field.Model.ProducerName: producer = part.Text(); break;
                case Field.Model.ProducerVersion: producerVersion = part.Text(); break;
                case Field.Model.Graph: graph = part.Bytes(); break;
                case Field.Model.MetadataProps: metadata.Add(Entry(part.Bytes())); break;
                case Field.Model.Functions: throw new InvalidDataException("it defines functions of its own, which are not read");
                case Field.Model.OpsetImport:
                    var set = Opset(part.Bytes());
                    if (set.Domain.Length == 0)
                        opset = set.Version;
                    else
                        others[set.Domain] = set.Version;
                    break;
            }
        }

        if (graph is null)
            throw new InvalidDataException("there is no graph in it");
        if (version <= 0 || opset <= 0)
            throw new InvalidDataException("it names no IR version or no operator set");
        var model = new OnnxModel
        {
            IrVersion = version, Opset = opset, Producer = producer, ProducerVersion = producerVersion, GraphName = GraphName(graph),
        };
        foreach (var (domain, number) in others)
            model.OtherOpsets[domain] = number;
        foreach (var (key, text) in metadata)
            model.Metadata[key] = text;
        Graph(graph, model);
        return model;
    }

    private static string GraphName(byte[] bytes)
    {
        foreach (var part in ProtoMessage.Fields(bytes))
        {
            if (part.Field == Field.Graph.Name)
                return part.Text();
        }

        return "";
    }

    private static void Graph(byte[] bytes, OnnxModel model)
    {
        foreach (var part in ProtoMessage.Fields(bytes))
        {
            switch (part.Field)
            {
                case Field.Graph.Node: model.Nodes.Add(Node(part.Bytes())); break;
                case Field.Graph.Initializer: model.Initializers.Add(OnnxTensorReader.Tensor(part.Bytes())); break;
                case Field.Graph.Input: model.Inputs.Add(Value(part.Bytes())); break;
                case Field.Graph.Output: model.Outputs.Add(Value(part.Bytes())); break;
                case Field.Graph.ValueInfo: model.Values.Add(Value(part.Bytes())); break;
                case Field.Graph.SparseInitializer: throw new InvalidDataException("it has sparse constants, which are not read");
            }
        }
    }

    private static OnnxNode Node(byte[] bytes)
    {
        List<string> inputs = [], outputs = [];
        List<OnnxAttribute> attributes = [];
        string name = "", op = "", domain = "";
        foreach (var part in ProtoMessage.Fields(bytes))
        {
            switch (part.Field)
            {
                case Field.Node.Input: inputs.Add(part.Text()); break;
                case Field.Node.Output: outputs.Add(part.Text()); break;
                case Field.Node.Name: name = part.Text(); break;
                case Field.Node.OpType: op = part.Text(); break;
                case Field.Node.Domain: domain = Domain(part.Text()); break;
                case Field.Node.Attribute: attributes.Add(Attribute(part.Bytes())); break;
            }
        }

        return new OnnxNode(op, name, inputs, outputs, attributes, domain);
    }

    private static OnnxAttribute Attribute(byte[] bytes)
    {
        var name = "";
        var kind = 0;
        object? single = null;
        List<float> floats = [];
        List<long> ints = [];
        List<string> strings = [];
        foreach (var part in ProtoMessage.Fields(bytes))
        {
            switch (part.Field)
            {
                case Field.Attribute.Name: name = part.Text(); break;
                case Field.Attribute.Type: kind = (int)part.Long(); break;
                case Field.Attribute.F: single = part.Float(); break;
                case Field.Attribute.I: single = part.Long(); break;
                case Field.Attribute.S: single = part.Text(); break;
                case Field.Attribute.T: single = OnnxTensorReader.Tensor(part.Bytes()); break;
                case Field.Attribute.Floats: part.Floats(floats); break;
                case Field.Attribute.Ints: part.Longs(ints); break;
                case Field.Attribute.Strings: strings.Add(part.Text()); break;
            }
        }

        return new OnnxAttribute(name, kind switch
        {
            Field.Kind.Float => single ?? 0f,
            Field.Kind.Int => single ?? 0L,
            Field.Kind.String => single ?? "",
            Field.Kind.Tensor when single is not null => single,
            Field.Kind.Floats => floats.ToArray(),
            Field.Kind.Ints => ints.ToArray(),
            Field.Kind.Strings => strings.ToArray(),
            _ => new UnreadAttribute(kind),
        });
    }

    private static OnnxValueInfo Value(byte[] bytes)
    {
        var value = new OnnxValueInfo("", OnnxType.Undefined, null);
        foreach (var part in ProtoMessage.Fields(bytes))
        {
            if (part.Field == Field.ValueInfo.Name)
                value = value with { Name = part.Text() };
            else if (part.Field == Field.ValueInfo.Type)
                value = Typed(value, part.Bytes());
        }

        return value;
    }

    private static OnnxValueInfo Typed(OnnxValueInfo value, byte[] bytes)
    {
        foreach (var kind in ProtoMessage.Fields(bytes))
        {
            if (kind.Field != Field.Type.TensorType)
                continue;
            foreach (var part in ProtoMessage.Fields(kind.Bytes()))
            {
                if (part.Field == Field.Type.ElemType)
                    value = value with { Type = (OnnxType)part.Long() };
                else if (part.Field == Field.Type.Shape)
                    value = value with { Shape = Shape(part.Bytes()) };
            }
        }

        return value;
    }

    private static long[] Shape(byte[] bytes)
    {
        List<long> shape = [];
        foreach (var part in ProtoMessage.Fields(bytes))
        {
            if (part.Field != Field.Type.Dim)
                continue;
            var extent = -1L;
            foreach (var dimension in ProtoMessage.Fields(part.Bytes()))
            {
                if (dimension.Field == Field.Type.DimValue)
                    extent = dimension.Long();
            }

            shape.Add(extent);
        }

        return [.. shape];
    }

    private static (string Domain, long Version) Opset(byte[] bytes)
    {
        var set = (Domain: "", Version: 0L);
        foreach (var part in ProtoMessage.Fields(bytes))
        {
            if (part.Field == Field.OpsetId.Domain)
                set.Domain = Domain(part.Text());
            else if (part.Field == Field.OpsetId.Version)
                set.Version = part.Long();
        }

        return set;
    }

    /// <summary>ONNX's own operator set goes by two names.</summary>
    private static string Domain(string name) => name == "ai.onnx" ? "" : name;

    private static (string Key, string Text) Entry(byte[] bytes)
    {
        var entry = (Key: "", Text: "");
        foreach (var part in ProtoMessage.Fields(bytes))
        {
            if (part.Field == Field.Entry.Key)
                entry.Key = part.Text();
            else if (part.Field == Field.Entry.Value)
                entry.Text = part.Text();
        }

        return entry;
    }
}
