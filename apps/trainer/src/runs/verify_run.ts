import path from "node:path";
import { listCheckpoints, readCheckpoint, weightsSha256, type Checkpoint } from "@convoy/core/training";
import { fit } from "@convoy/parallel";
import { asInput, UsageError } from "../errors.ts";
import type { LoadingJob } from "../training/training_job.ts";
import { checkpointsFolder } from "./run_names.ts";
import { type FoundRun, type SavedRun } from "./saved_run.ts";

/** Two checkpoints of a run: training from the first must lead to the second. */
export interface CheckpointPair {
  readonly from: SavedRun;
  readonly to: SavedRun;
}

export interface Verification {
  readonly steps: number;
  readonly workers: number;
  /** Of the weights in the second checkpoint, and of those that were computed now. */
  readonly saved: string;
  readonly computed: string;
  /** Whether weights and optimizer state have the same bits. */
  readonly same: boolean;
}

/**
 * The first and the last checkpoint that a run keeps.
 *
 * @throws UsageError VERIFY_CHECKPOINTS when there are no two; the CHECKPOINT codes of `@convoy/core`
 */
export async function checkpointPair({ runFolder }: FoundRun): Promise<CheckpointPair> {
  const folder = path.join(runFolder.path, checkpointsFolder);
  const found = await asInput(() => listCheckpoints(folder));
  const [last] = found;
  const first = found.at(-1);
  if (first === undefined || first === last) {
    throw new UsageError(
      "VERIFY_CHECKPOINTS",
      `${runFolder.name} keeps ${found.length} of the two checkpoints that are compared. Train on, with --keep 2 or more.`,
    );
  }
  const open = ({ file }: { readonly file: string }): Promise<SavedRun> =>
    asInput(async () => ({ runFolder, file, checkpoint: await readCheckpoint(file, { follow: false }), damaged: [] }));
  return { from: await open(first), to: await open(last) };
}

/** Trains from one checkpoint to the other, and compares. Writes nothing. */
export async function verifyRun(job: LoadingJob, { from, to }: CheckpointPair): Promise<Verification> {
  const { step, epoch, samplerPosition } = to.checkpoint;
  const { dataset } = await job.description;
  const reached = new AbortController();
  let computed: Checkpoint | undefined;
  const save = (checkpoint: Checkpoint): void => {
    if (checkpoint.step !== step) return;
    computed = checkpoint;
    reached.abort();
  };
  const { workers } = await asInput(() =>
    fit(job.model, dataset.train, {
      ...job.options,
      targetAccuracy: undefined,
      epochs: samplerPosition > 0 ? epoch + 1 : epoch,
      resumeFrom: from.checkpoint,
      checkpoint: { everySteps: step, everyEpochs: epoch + 2, save },
      signal: reached.signal,
    }),
  );
  if (computed === undefined) throw new Error(`step ${step} was not reached`);
  return {
    steps: step - from.checkpoint.step,
    workers,
    saved: weightsSha256(to.checkpoint.weights),
    computed: weightsSha256(computed.weights),
    same: bitsOf(to.checkpoint).equals(bitsOf(computed)),
  };
}

function bitsOf({ weights, optimizerState }: Checkpoint): Buffer {
  return Buffer.concat(
    [weights, ...optimizerState].map(({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength),
    ),
  );
}
