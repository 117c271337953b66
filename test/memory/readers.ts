/** A reader of files that strangers make. */
export interface Reader {
  /** How the file is called in its folder. */
  readonly fileName: string;
  readonly read: (file: string, folder: string) => unknown;
}

/** Each reader, loaded when it is asked for: a process pays for the memory of its own alone. */
export const readers = {
  "weights for a network": async (): Promise<Reader> => {
    const { loadWeights } = await import("../../packages/core/src/formats/model/load_weights.ts");
    const { seedCnn } = await import("../../packages/core/src/model/networks/seed_cnn.ts");
    const model = seedCnn();
    return { fileName: "weights", read: (file) => loadWeights(model, file, { allowPartial: true }) };
  },
  "a saved network": async (): Promise<Reader> => {
    const { loadModel } = await import("../../packages/core/src/model/load_model.ts");
    const { readMetadata } = await import("../../packages/core/src/formats/model/model_file.ts");
    const read = async (file: string): Promise<void> => {
      (await loadModel(file)).summary();
      await readMetadata(file);
    };
    return { fileName: "model", read };
  },
  "a checkpoint": async (): Promise<Reader> => {
    const { readCheckpoint } = await import("../../packages/core/src/formats/checkpoint/checkpoint_folder.ts");
    return { fileName: "step-0000000001.safetensors", read: (file) => readCheckpoint(file) };
  },
  "run.json": async (): Promise<Reader> => {
    const { readRunFile } = await import("../../apps/trainer/src/runs/run_file.ts");
    return { fileName: "run.json", read: (_, folder) => readRunFile(folder) };
  },
  "metrics.jsonl": async (): Promise<Reader> => {
    const { cutMetrics } = await import("../../apps/trainer/src/runs/metrics_cut.ts");
    const position = { epoch: 1, step: 10, samplerPosition: 0 };
    return { fileName: "metrics.jsonl", read: (file) => cutMetrics(file, position, 8) };
  },
  "a lock": async (): Promise<Reader> => {
    const { RunLock } = await import("../../apps/trainer/src/runs/run_lock.ts");
    return { fileName: "lock-1", read: (_, path) => RunLock.take({ path, name: "the run" }).release() };
  },
  "a verdict on kernels": async (): Promise<Reader> => {
    const { VerdictCache } = await import("../../apps/trainer/src/kernels/verdict_cache.ts");
    const key = { node: "", v8: "", platform: "", arch: "", processor: "", kernels: "" };
    const fileName = new VerdictCache("", key).file ?? "";
    return { fileName, read: (_, folder) => new VerdictCache(folder, key).read() };
  },
  "an IDX file": async (): Promise<Reader> => {
    const { readIdx } = await import("../../packages/datasets/src/idx.ts");
    return { fileName: "images", read: (file) => readIdx(file) };
  },
  "labels in IDX": async (): Promise<Reader> => {
    const { readIdxLabels } = await import("../../packages/datasets/src/idx_labels.ts");
    return { fileName: "labels", read: (file) => readIdxLabels(file) };
  },
} as const satisfies Readonly<Record<string, () => Promise<Reader>>>;

export type ReaderName = keyof typeof readers;

export function isReader(name: string): name is ReaderName {
  return Object.hasOwn(readers, name);
}

export const readerNames: readonly ReaderName[] = Object.keys(readers).filter(isReader);
