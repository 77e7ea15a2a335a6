namespace Sscma.Onnx;

/// <summary>Field numbers of onnx.proto, by message.</summary>
internal static class Field
{
    public static class Model
    {
        public const int IrVersion = 1, ProducerName = 2, ProducerVersion = 3, Graph = 7, OpsetImport = 8, MetadataProps = 14, Functions = 25;
    }

    public static class OpsetId
    {
        public const int Domain = 1, Version = 2;
    }

    public static class Entry
    {
        public const int Key = 1, Value = 2;
    }

    public static class Graph
    {
        public const int Node = 1, Name = 2, Initializer = 5, Input = 11, Output = 12, ValueInfo = 13, SparseInitializer = 15;
    }

    public static class Node
    {
        public const int Input = 1, Output = 2, Name = 3, OpType = 4, Attribute = 5, Domain = 7;
    }

    public static class Attribute
    {
        public const int Name = 1, F = 2, I = 3, S = 4, T = 5, Floats = 7, Ints = 8, Strings = 9, Type = 20;
    }

    public static class Tensor
    {
        public const int Dims = 1, DataType = 2, FloatData = 4, Int32Data = 5, Int64Data = 7, Name = 8, RawData = 9, DoubleData = 10, ExternalData = 13, DataLocation = 14;
    }

    public static class ValueInfo
    {
        public const int Name = 1, Type = 2;
    }

    public static class Type
    {
        public const int TensorType = 1, ElemType = 1, Shape = 2, Dim = 1, DimValue = 1;
    }

    /// <summary>AttributeProto.AttributeType.</summary>
    public static class Kind
    {
        public const int Float = 1, Int = 2, String = 3, Tensor = 4, Floats = 6, Ints = 7, Strings = 8;
    }
}
