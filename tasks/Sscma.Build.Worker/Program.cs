using Sscma.Build.Worker;
using Sscma.Build.Worker.Verbs;

return WorkerHost.Run(args,
[
    new EmbedVerb(),
    new EvaluateVerb(),
]);
