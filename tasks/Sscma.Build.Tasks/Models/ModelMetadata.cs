using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Sscma.Diagnostics;

namespace Sscma.Build.Tasks.Models;

/// <summary>The metadata that SscmaModel knows, with what is right for each. The one list behind checks, keys and option files.</summary>
internal sealed class ModelMetadata
{
    private ModelMetadata(string name, double least, double most, bool whole, int multipleOf)
    {
        Name = name;
        Least = least;
        Most = most;
        Whole = whole;
        MultipleOf = multipleOf;
        Option = char.ToLowerInvariant(name[0]) + name.Substring(1);
    }

    /// <summary>The runtime whose contract a file keeps unless told otherwise.</summary>
    public const string SscmaMicro = "sscma-micro";

    /// <summary>Metadata that the training reads; all are options of the worker under their name with a small first letter.</summary>
    public static IReadOnlyList<ModelMetadata> Training { get; } = new[]
    {
        Whole32("ImageSize", 32, 4096),
        Choice("Resize", "KeepRatio", "Stretch"),
        WholeNumber("MaxEpochs", 1, 1000000),
        WholeNumber("BatchSize", 1, 100000),
        WholeNumber("ValInterval", 1, 1000000),
        WholeNumber("Seed", 0, int.MaxValue),
        new ModelMetadata("MaxTime", 0, 1000000, whole: false, multipleOf: 1),
        WholeNumber("EarlyStopPatience", 0, 100000),
        new ModelMetadata("TargetMap", 0, 1, whole: false, multipleOf: 1),
        new ModelMetadata("LearningRate", double.Epsilon, 100, whole: false, multipleOf: 1),
        Text("Schedule"),
        Text("Quantization"),
        Text("CfgOptions"),
    };

    /// <summary>What other stages read, and what decides a training in a way of its own.</summary>
    public static IReadOnlyList<ModelMetadata> Others { get; } = new[]
    {
        WholeNumber("CalibrationImages", 1, 1000000),
        Choice("Precision", "int8", "int16x8", "float16", "float32"),
        Choice("Calibration", "mse", "minmax", "percentile", "entropy", "learnt", "auto"),
        Choice("TargetRuntime", SscmaMicro, "generic"),
        Numbers("InputMean", above: float.MinValue),
        Numbers("InputStd", above: 0),
        Choice("InputChannels", "RGB", "BGR"),
        Switch("Equalize"),
        Switch("BiasCorrection"),
        Size("MaxModelSize"),
        Size("MaxArenaSize"),
        Switch("WarmStart"),
        WholeNumber("WarmStartEpochs", 1, 1000000),
        Text("Pretrained"),
        Text("PretrainedSha256"),
    };

    /// <summary>Every name that may stand on an SscmaModel item.</summary>
    public static IReadOnlyList<string> Names { get; } = new[]
    {
        "Dataset", "Config", "Schedule", "Quantization", "ImageSize", "Resize", "MaxEpochs", "BatchSize", "ValInterval", "Seed", "LearningRate", "CfgOptions", "MaxTime", "EarlyStopPatience", "TargetMap", "WarmStart", "WarmStartEpochs",
        "Pretrained", "PretrainedSha256", "Onnx", "InputMean", "InputStd", "InputChannels", "Weights", "CalibrationImages", "Precision", "TargetRuntime", "Formats", "Calibration", "Equalize", "BiasCorrection", "MaxModelSize", "MaxArenaSize",
        "MinMap", "MinMap50", "MinDeviceMap", "MinDeviceMap50", "GateSplit", "EmbedAs", "CArray", "VelaArgs", "Namespace", "ClassName",
    };

    /// <summary>The metadata's name.</summary>
    public string Name { get; }

    /// <summary>The worker's name for it.</summary>
    public string Option { get; }

    private double Least { get; }

    private double Most { get; }

    private bool Whole { get; }

    private int MultipleOf { get; }

    private bool IsText => MultipleOf == 0;

    private bool IsSwitch => MultipleOf < 0;

    /// <summary>The code of a wrong value.</summary>
    public string Code => Choices is null ? Codes.BadModelNumber : Codes.UnknownExportChoice;

    private string[]? Choices { get; set; }

    private bool IsSize { get; set; }

    private bool IsList { get; set; }

    /// <summary>What is wrong with a value, or null. No value means the configuration's.</summary>
    public string? Fault(string value)
    {
        if (value.Length == 0 || (IsText && Choices is null && !IsSize && !IsList))
            return null;
        if (Choices is not null)
            return Choices.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"{Name} is '{value}', expected one of {string.Join(", ", Choices)}";
        if (IsSize)
            return ByteSize.Parse(value) > 0 ? null : $"{Name} is '{value}', expected a number of bytes with or without a unit, such as 400KB or 1.5MiB";
        if (IsList)
            return Array.TrueForAll(value.Split(';'), IsListed) ? null : $"{Name} is '{value}', expected a number{(Least == 0 ? " above 0" : "")}, or one for each channel with ; between them, such as 123.675;116.28;103.53";
        if (IsSwitch)
            return value.ToLowerInvariant() is "true" or "false" ? null : $"{Name} is '{value}', expected true or false";
        var style = Whole ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
        var right = double.TryParse(value, style, CultureInfo.InvariantCulture, out var number)
            && number >= Least && number <= Most && (MultipleOf == 1 || number % MultipleOf == 0);
        return right ? null : $"{Name} is '{value}', expected {Expected}";
    }

    /// <summary>A right value as it is written down: a choice in its own letters, a list without blanks.</summary>
    public string Canonical(string value) => IsList ? string.Join(";", value.Split(';').Select(number => number.Trim())) : Choices?.FirstOrDefault(choice => string.Equals(choice, value, StringComparison.OrdinalIgnoreCase)) ?? value;

    /// <summary>Whether a number of a list is right: one that the worker reads as a float.</summary>
    private bool IsListed(string word) => float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > Least && number <= Most;

    private string Expected
    {
        get
        {
            if (!Whole)
                return string.Format(CultureInfo.InvariantCulture, "a number {0} {1:0} with a decimal point, such as {2}", Least > 0 ? "greater than 0 and at most" : "from 0 to", Most, Most > 1 && Least > 0 ? "0.004" : "0.5");
            var multiple = MultipleOf == 1 ? "" : $" that is a multiple of {MultipleOf}";
            return string.Format(CultureInfo.InvariantCulture, "a whole number from {0} to {1}{2}", Least, Most, multiple);
        }
    }

    private static ModelMetadata WholeNumber(string name, double least, double most) => new(name, least, most, whole: true, multipleOf: 1);

    private static ModelMetadata Whole32(string name, double least, double most) => new(name, least, most, whole: true, multipleOf: 32);

    private static ModelMetadata Switch(string name) => new(name, 0, 0, whole: false, multipleOf: -1);

    private static ModelMetadata Choice(string name, params string[] choices) => new(name, 0, 0, whole: false, multipleOf: 0) { Choices = choices };

    private static ModelMetadata Size(string name) => new(name, 0, 0, whole: false, multipleOf: 0) { IsSize = true };

    private static ModelMetadata Numbers(string name, float above) => new(name, above, float.MaxValue, whole: false, multipleOf: 0) { IsList = true };

    private static ModelMetadata Text(string name) => new(name, 0, 0, whole: false, multipleOf: 0);
}
