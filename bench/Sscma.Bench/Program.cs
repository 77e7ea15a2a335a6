using Sscma.Bench;

// What docs/performance.md quotes is measured here: dotnet run -c Release --project bench/Sscma.Bench -- build|train|evaluate|interpret|export|all
var benches = new Dictionary<string, Action<Arguments>>
{
    ["build"] = BuildBench.Run,
    ["train"] = TrainingBench.Run,
    ["evaluate"] = EvaluatorBench.Run,
    ["interpret"] = InterpreterBench.Run,
    ["export"] = ExportBench.Run,
};
var verb = args.FirstOrDefault() ?? "";
if (verb is not ("all" or "step" or "whole") && !benches.ContainsKey(verb))
{
    Console.Error.WriteLine($"usage: Sscma.Bench {string.Join('|', benches.Keys)}|all [name=value …]");
    return 2;
}

var arguments = new Arguments(args[1..]);
if (verb is "step" or "whole")
{
    Action<Arguments> work = verb == "step" ? TrainingBench.Step : TrainingBench.Whole;
    work(arguments);
    return 0;
}

Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}");
foreach (var (name, bench) in benches.Where(entry => verb == "all" || verb == entry.Key))
{
    Console.WriteLine($"\n== {name}");
    bench(arguments);
}

return 0;
