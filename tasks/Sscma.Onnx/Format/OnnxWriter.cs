using System.Text;
using Google.Protobuf;

namespace Sscma.Onnx;

/// <summary>Model → protobuf bytes. Fields go out in the order of their numbers; every constant as raw data.</summary>
internal static class OnnxWriter
{
    public static byte[] Model(OnnxModel model) => Message(output =>
    {
        Number(output, Field.Model.IrVersion, model.IrVersion);
        Text(output, Field.Model.ProducerName, model.Producer);
        if (model.ProducerVersion.Length > 0)
            Text(output, Field.Model.ProducerVersion, model.ProducerVersion);
        Nested(output, Field.Model.Graph, Graph(model));
        Nested(output, Field.Model.OpsetImport, Opset("", model.Opset));
        foreach (var (domain, version) in model.OtherOpsets)
            Nested(output, Field.Model.OpsetImport, Opset(domain, version));
        foreach (var (key, text) in model.Metadata)
        {
            Nested(output, Field.Model.MetadataProps, Message(entry =>
            {
                Text(entry, Field.Entry.Key, key);
                Text(entry, Field.Entry.Value, text);
            }));
        }
    });

    private static byte[] Opset(string domain, long version) => Message(output =>
    {
        Text(output, Field.OpsetId.Domain, domain);
        Number(output, Field.OpsetId.Version, version);
    });

    private static byte[] Graph(OnnxModel model) => Message(output =>
    {
        foreach (var node in model.Nodes)
            Nested(output, Field.Graph.Node, Node(node));
        Text(output, Field.Graph.Name, model.GraphName);
        foreach (var constant in model.Initializers)
            Nested(output, Field.Graph.Initializer, Tensor(constant));
        foreach (var value in model.Inputs)
            Nested(output, Field.Graph.Input, Value(value));
        foreach (var value in model.Outputs)
            Nested(output, Field.Graph.Output, Value(value));
        foreach (var value in model.Values)
            Nested(output, Field.Graph.ValueInfo, Value(value));
    });

    private static byte[] Node(OnnxNode node) => Message(output =>
    {
        foreach (var name in node.Inputs)
            Text(output, Field.Node.Input, name);
        foreach (var name in node.Outputs)
            Text(output, Field.Node.Output, name);
        Text(output, Field.Node.Name, node.Name);
        Text(output, Field.Node.OpType, node.Op);
        foreach (var attribute in node.Attributes)
            Nested(output, Field.Node.Attribute, Attribute(attribute));
        if (node.Domain.Length > 0)
            Text(output, Field.Node.Domain, node.Domain);
    });

    private static byte[] Attribute(OnnxAttribute attribute) => Message(output =>
    {
        Text(output, Field.Attribute.Name, attribute.Name);
        Number(output, Field.Attribute.Type, AttributeValue(output, attribute));
    });

    /// <summary>Writes the value and returns its kind.</summary>
    private static int AttributeValue(CodedOutputStream output, OnnxAttribute attribute)
    {
        switch (attribute.Value)
        {
            case float value:
                output.WriteTag(Field.Attribute.F, WireFormat.WireType.Fixed32);
                output.WriteFloat(value);
                return Field.Kind.Float;
            case long value:
                Number(output, Field.Attribute.I, value);
                return Field.Kind.Int;
            case string value:
                Text(output, Field.Attribute.S, value);
                return Field.Kind.String;
            case OnnxTensor value:
                Nested(output, Field.Attribute.T, Tensor(value));
                return Field.Kind.Tensor;
            case float[] values:
                foreach (var value in values)
                {
                    output.WriteTag(Field.Attribute.Floats, WireFormat.WireType.Fixed32);
                    output.WriteFloat(value);
                }

                return Field.Kind.Floats;
            case long[] values:
                foreach (var value in values)
                    Number(output, Field.Attribute.Ints, value);
                return Field.Kind.Ints;
            case string[] values:
                foreach (var value in values)
                    Text(output, Field.Attribute.Strings, value);
                return Field.Kind.Strings;
            default:
                throw new NotSupportedException($"attribute '{attribute.Name}' holds a {attribute.Value.GetType().Name}; float, long, string, OnnxTensor, float[], long[] and string[] can be written");
        }
    }

    private static byte[] Tensor(OnnxTensor tensor) => Message(output =>
    {
        foreach (var extent in tensor.Shape)
            Number(output, Field.Tensor.Dims, extent);
        Number(output, Field.Tensor.DataType, (int)tensor.Type);
        if (tensor.Name.Length > 0)
            Text(output, Field.Tensor.Name, tensor.Name);
        output.WriteTag(Field.Tensor.RawData, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(tensor.Bytes));
    });

    private static byte[] Value(OnnxValueInfo value) => Message(output =>
    {
        Text(output, Field.ValueInfo.Name, value.Name);
        Nested(output, Field.ValueInfo.Type, Message(type => Nested(type, Field.Type.TensorType, Message(tensor =>
        {
            Number(tensor, Field.Type.ElemType, (int)value.Type);
            if (value.Shape is not null)
                Nested(tensor, Field.Type.Shape, Message(shape => Dimensions(shape, value.Shape)));
        }))));
    });

    private static void Dimensions(CodedOutputStream output, long[] extents)
    {
        foreach (var extent in extents)
        {
            Nested(output, Field.Type.Dim, Message(dimension =>
            {
                if (extent >= 0)
                    Number(dimension, Field.Type.DimValue, extent);
            }));
        }
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            write(output);
        return bytes.ToArray();
    }

    private static void Nested(CodedOutputStream output, int field, byte[] message)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(message));
    }

    private static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Text(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(text, Encoding.UTF8));
    }
}
