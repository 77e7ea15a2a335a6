using Sscma.Build.Worker;
using Sscma.Build.Worker.Verbs;

return WorkerHost.Run(args,
[
    new ExportVerb(),
    new EmbedVerb(),
    new EvaluateVerb(),
    new TrainVerb(),
    new VelaVerb(),
]);
