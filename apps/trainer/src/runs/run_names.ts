/** Where runs are kept, in the folder that the user stands in. */
export const runsFolder = "runs";

/** What a run was, beside its weights: settings, versions, machine, result. */
export const runFileName = "run.json";

/** Every event of a run, one JSON object a line: what --json writes. */
export const metricsFileName = "metrics.jsonl";

/** Network and weights of a run. */
export const weightsFileName = "final.safetensors";

/** Of a run with --validation-split: network and best weights. */
export const bestFileName = "best.safetensors";

/** Where a run keeps its checkpoints. */
export const checkpointsFolder = "checkpoints";
