using Sscma.Build.Worker;

return WorkerHost.Run(args,
[
]);
