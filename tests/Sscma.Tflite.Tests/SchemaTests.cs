using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using Google.FlatBuffers;
using Sscma.TestSupport;

namespace Sscma.Tflite.Tests;

/// <summary>The generated code is that of the schema, and its numbers are the format's.</summary>
[TestClass]
public sealed class SchemaTests
{
    private const string Release = "flatc version 25.2.10";

    /// <summary>Fields in the order of their slots: name, type and default. A "-" is a slot that is not used here. Source: the TFLite schema, version 3.</summary>
    private static readonly Dictionary<string, string> Tables = new()
    {
        ["Model"] = "Version:uint OperatorCodes:vector Subgraphs:vector Description:string Buffers:vector - Metadata:vector",
        ["OperatorCode"] = "DeprecatedBuiltinCode:sbyte CustomCode:string Version:int=1 BuiltinCode:int",
        ["SubGraph"] = "Tensors:vector Inputs:vector Outputs:vector Operators:vector Name:string",
        ["Tensor"] = "Shape:vector Type:sbyte Buffer:uint Name:string Quantization:table - Sparsity:table - - - ExternalBuffer:uint",
        ["QuantizationParameters"] = "- - Scale:vector ZeroPoint:vector DetailsType:byte - QuantizedDimension:int",
        ["SparsityParameters"] = "",
        ["Operator"] = "OpcodeIndex:uint Inputs:vector Outputs:vector BuiltinOptionsType:byte BuiltinOptions:union",
        ["Buffer"] = "Data:vector Offset:ulong",
        ["Metadata"] = "Name:string Buffer:uint",
        ["AddOptions"] = "FusedActivationFunction:sbyte PotScaleInt16:bool=True",
        ["SubOptions"] = "FusedActivationFunction:sbyte PotScaleInt16:bool=True",
        ["MulOptions"] = "FusedActivationFunction:sbyte",
        ["Pool2DOptions"] = "Padding:sbyte StrideW:int StrideH:int FilterWidth:int FilterHeight:int FusedActivationFunction:sbyte",
        ["ConcatenationOptions"] = "Axis:int FusedActivationFunction:sbyte",
        ["Conv2DOptions"] = "Padding:sbyte StrideW:int StrideH:int FusedActivationFunction:sbyte DilationWFactor:int=1 DilationHFactor:int=1",
        ["DepthwiseConv2DOptions"] = "Padding:sbyte StrideW:int StrideH:int DepthMultiplier:int FusedActivationFunction:sbyte DilationWFactor:int=1 DilationHFactor:int=1",
        ["FullyConnectedOptions"] = "FusedActivationFunction:sbyte WeightsFormat:sbyte KeepNumDims:bool",
        ["ReshapeOptions"] = "NewShape:vector",
        ["SqueezeOptions"] = "SqueezeDims:vector",
        ["ResizeBilinearOptions"] = "- - AlignCorners:bool HalfPixelCenters:bool",
        ["ResizeNearestNeighborOptions"] = "AlignCorners:bool HalfPixelCenters:bool",
        ["SoftmaxOptions"] = "Beta:float",
        ["ReducerOptions"] = "KeepDims:bool",
        ["StridedSliceOptions"] = "BeginMask:int EndMask:int EllipsisMask:int NewAxisMask:int ShrinkAxisMask:int Offset:bool",
        ["SplitOptions"] = "NumSplits:int",
        ["LeakyReluOptions"] = "Alpha:float",
        ["PadOptions"] = "",
        ["PadV2Options"] = "",
        ["TransposeOptions"] = "",
        ["DequantizeOptions"] = "",
        ["QuantizeOptions"] = "",
        ["MaximumMinimumOptions"] = "",
        ["SliceOptions"] = "",
        ["ExpandDimsOptions"] = "",
        ["HardSwishOptions"] = "",
    };

    /// <summary>Builtin code and number of the options' kind, 0 for none.</summary>
    private static readonly Dictionary<BuiltinOperator, (int Code, int Kind)> Operators = new()
    {
        [BuiltinOperator.Add] = (0, 11),
        [BuiltinOperator.AveragePool2D] = (1, 5),
        [BuiltinOperator.Concatenation] = (2, 10),
        [BuiltinOperator.Conv2D] = (3, 1),
        [BuiltinOperator.DepthwiseConv2D] = (4, 2),
        [BuiltinOperator.Dequantize] = (6, 38),
        [BuiltinOperator.FullyConnected] = (9, 8),
        [BuiltinOperator.Logistic] = (14, 0),
        [BuiltinOperator.MaxPool2D] = (17, 5),
        [BuiltinOperator.Mul] = (18, 21),
        [BuiltinOperator.Relu] = (19, 0),
        [BuiltinOperator.Relu6] = (21, 0),
        [BuiltinOperator.Reshape] = (22, 17),
        [BuiltinOperator.ResizeBilinear] = (23, 15),
        [BuiltinOperator.Softmax] = (25, 9),
        [BuiltinOperator.Tanh] = (28, 0),
        [BuiltinOperator.Pad] = (34, 22),
        [BuiltinOperator.Transpose] = (39, 26),
        [BuiltinOperator.Mean] = (40, 27),
        [BuiltinOperator.Sub] = (41, 28),
        [BuiltinOperator.Squeeze] = (43, 30),
        [BuiltinOperator.StridedSlice] = (45, 32),
        [BuiltinOperator.Split] = (49, 35),
        [BuiltinOperator.Maximum] = (55, 39),
        [BuiltinOperator.Minimum] = (57, 39),
        [BuiltinOperator.PadV2] = (60, 43),
        [BuiltinOperator.Slice] = (65, 48),
        [BuiltinOperator.ExpandDims] = (70, 52),
        [BuiltinOperator.Sum] = (74, 27),
        [BuiltinOperator.ResizeNearestNeighbor] = (97, 74),
        [BuiltinOperator.LeakyRelu] = (98, 75),
        [BuiltinOperator.Quantize] = (114, 89),
        [BuiltinOperator.HardSwish] = (117, 91),
    };

    private static string Folder => Path.Combine(TestPaths.Repository, "tasks", "Sscma.Tflite", "Files", "Schema");

    public static IEnumerable<object[]> TableNames => Tables.Keys.Select(name => new object[] { name });

    [TestMethod]
    public void Neither_schema_nor_generated_code_was_changed_alone()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "generated.sha256"));

        Assert.HasCount(4, lines);
        foreach (var (digest, name) in lines.Select(line => line.Split("  ")).Select(parts => (parts[0], parts[1])))
            Assert.AreEqual(digest, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, name)))), $"{name}: run generate.sh");
    }

    [TestMethod]
    public void The_generated_code_is_what_flatc_makes_of_the_schema()
    {
        if (OperatingSystem.IsWindows() || Output("flatc", "--version") != Release)
            Assert.Inconclusive($"{Release} is not on the PATH");
        var fresh = TestPaths.Scratch();

        Output("sh", Path.Combine(Folder, "generate.sh"), fresh);

        foreach (var name in new[] { "enums.g.cs", "tflite.g.cs", "generated.sha256" })
            Assert.AreEqual(File.ReadAllText(Path.Combine(fresh, name)), File.ReadAllText(Path.Combine(Folder, name)), $"{name}: run generate.sh");
    }

    [TestMethod]
    [DynamicData(nameof(TableNames))]
    public void Slots_types_and_defaults_are_those_of_the_format(string table)
    {
        var facts = Tables[table].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var type = Generated(table);

        var adders = type.GetMethods().Where(method => method.IsStatic && method.Name.StartsWith("Add", StringComparison.Ordinal) && method.GetParameters().Length == 2).ToArray();

        Assert.HasCount(facts.Count(fact => fact != "-"), adders);
        for (var slot = 0; slot < facts.Length; slot++)
        {
            if (facts[slot] == "-")
                continue;
            var (name, kind, standard) = facts[slot].Split(':', '=') is var parts ? (parts[0], parts[1], parts.ElementAtOrDefault(2)) : default;
            var adder = adders.Single(method => method.Name == $"Add{name}");
            Assert.AreEqual(kind, KindOf(adder.GetParameters()[1].ParameterType, name), $"{table}.{name}");
            CollectionAssert.AreEqual(new[] { slot }, SlotsOf(type, adder, standard), $"{table}.{name}");
            if (kind is not ("vector" or "string" or "table" or "union"))
                Assert.AreEqual(standard ?? DefaultOf(kind), AbsentValue(type, name), $"{table}.{name}");
        }
    }

    [TestMethod]
    public void Every_generated_table_is_compared()
    {
        var tables = typeof(Schema.Model).Assembly.GetTypes().Where(type => typeof(IFlatbufferObject).IsAssignableFrom(type)).Select(type => type.Name);

        CollectionAssert.AreEquivalent(Tables.Keys.ToArray(), tables.ToArray());
    }

    [TestMethod]
    public void Codes_and_kinds_of_options_are_those_of_the_format()
    {
        var codes = Enum.GetValues<BuiltinOperator>();

        CollectionAssert.AreEquivalent(Operators.Keys.Append(BuiltinOperator.Custom).ToArray(), codes);
        Assert.AreEqual(32, (int)BuiltinOperator.Custom);
        foreach (var (code, fact) in Operators)
            Assert.AreEqual(fact, ((int)code, (int)OperatorForm.Find(code)!.Kind), $"{code}");
        CollectionAssert.AreEquivalent(Operators.Values.Select(fact => fact.Kind).Distinct().ToArray(), Enum.GetValues<Schema.BuiltinOptions>().Select(kind => (int)kind).ToArray());
    }

    [TestMethod]
    public void Types_paddings_and_activations_are_those_of_the_format()
    {
        Assert.AreEqual("Float32=0 Float16=1 Int32=2 UInt8=3 Int64=4 Bool=6 Int16=7 Int8=9", Numbers<TensorType>());
        Assert.AreEqual("Same=0 Valid=1", Numbers<Padding>());
        Assert.AreEqual("None=0 Relu=1 ReluN1To1=2 Relu6=3", Numbers<Activation>());
    }

    private static string Numbers<T>()
        where T : struct, Enum => string.Join(" ", Enum.GetValues<T>().OrderBy(value => Convert.ToInt32(value)).Select(value => $"{value}={Convert.ToInt32(value)}"));

    private static Type Generated(string table) => typeof(Schema.Model).Assembly.GetType($"Sscma.Tflite.Schema.{table}", throwOnError: true)!;

    private static string KindOf(Type type, string field) => type switch
    {
        _ when type == typeof(VectorOffset) => "vector",
        _ when type == typeof(StringOffset) => "string",
        _ when type.IsGenericType => "table",
        _ when type == typeof(int) && field == "BuiltinOptions" => "union",
        _ => (type.IsEnum ? type.GetEnumUnderlyingType() : type).Name switch
        {
            "SByte" => "sbyte",
            "Byte" => "byte",
            "Boolean" => "bool",
            "Int32" => "int",
            "UInt32" => "uint",
            "UInt64" => "ulong",
            "Single" => "float",
            var other => other,
        },
    };

    private static string DefaultOf(string kind) => kind == "bool" ? "False" : "0";

    // Writes a table with this field alone, and looks where its directory has it.
    private static int[] SlotsOf(Type type, MethodInfo adder, string? standard)
    {
        var builder = new FlatBufferBuilder(64);
        var target = builder.CreateString("target").Value;
        type.GetMethod($"Start{type.Name}")!.Invoke(null, [builder]);
        adder.Invoke(null, [builder, Value(adder.GetParameters()[1].ParameterType, target, standard)]);
        builder.Finish(builder.EndTable());
        var bytes = new ByteBuffer(builder.SizedByteArray());
        var table = bytes.GetInt(0);
        var directory = table - bytes.GetInt(table);
        var slots = (bytes.GetUshort(directory) - 4) / 2;
        return [.. Enumerable.Range(0, slots).Where(slot => bytes.GetUshort(directory + 4 + (2 * slot)) != 0)];
    }

    // Something that is no field's default.
    private static object Value(Type type, int target, string? standard) => type switch
    {
        _ when type == typeof(bool) => standard is null,
        _ when type.Name is "VectorOffset" or "StringOffset" || type.IsGenericType => Activator.CreateInstance(type, target)!,
        _ when type == typeof(int) => target,
        _ when type.IsEnum => Enum.ToObject(type, 3),
        _ => Convert.ChangeType(3, type),
    };

    private static string AbsentValue(Type type, string field)
    {
        var builder = new FlatBufferBuilder(64);
        builder.StartTable(0);
        builder.Finish(builder.EndTable());
        var table = type.GetMethod($"GetRootAs{type.Name}", [typeof(ByteBuffer)])!.Invoke(null, [new ByteBuffer(builder.SizedByteArray())]);
        var value = type.GetProperty(field)!.GetValue(table)!;
        return (value is Enum ? Convert.ToInt32(value) : value).ToString()!;
    }

    private static string Output(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
            var text = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{command} ended with {process.ExitCode}");
        }
        catch (Win32Exception)
        {
            return "";
        }
    }
}
