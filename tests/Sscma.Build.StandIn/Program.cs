using Sscma.Build.StandIn;
using Sscma.Build.Worker;
using Sscma.Build.Worker.Verbs;

return WorkerHost.Run(args,
[
    new RecordedVerb(new TrainStandIn()),
    new RecordedVerb(new ExportStandIn()),
    new RecordedVerb(new EvaluateStandIn()),
    new RecordedVerb(new EmbedVerb()),
    new RecordedVerb(new VelaVerb()),
]);
