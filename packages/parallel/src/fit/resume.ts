import { checkCheckpoint, type Checkpoint } from "@convoy/core/training";
import { words } from "../control/words.ts";
import { ParallelError } from "../errors.ts";
import type { Run } from "../worker/task.ts";
import type { RunIdentity } from "./run_identity.ts";
import { settingsDifferences } from "./settings_differences.ts";

/**
 * Puts a checkpoint's weights and optimizer state where the step after it reads them.
 *
 * With an override, optimizer state of another kind is left out: it begins at zero.
 *
 * @param override whether settings may differ from the checkpoint's
 *
 * @throws `RESUME_SETTINGS` when settings differ, naming each; `RESUME_MODEL` when the parameters are not those of the
 *   model; `RESUME_POSITION` when it does not stand between two minibatches; core's `CHECKPOINT_PROGRESS` and
 *   `CHECKPOINT_STATE` when its parts do not fit together
 */
export function resume(checkpoint: Checkpoint, run: Run, identity: RunIdentity, override: boolean): void {
  checkCheckpoint(checkpoint);
  if (!override) checkSettings(checkpoint, identity);
  checkParameters(checkpoint, identity);
  checkPosition(checkpoint, run);
  const { memory, layout } = run;
  const { step, weights, optimizer, optimizerState } = checkpoint;
  const side = step % 2;
  const put = (address: number, flat: Float32Array): void =>
    new Float32Array(memory.buffer, address, layout.parameterCount).set(flat);
  put(layout.parameters[side], weights);
  const state = layout.state[side];
  if (optimizer.kind === identity.optimizer.kind) {
    for (const [i, flat] of optimizerState.slice(0, state.length).entries()) put(state[i], flat);
  }
  Atomics.store(new Int32Array(memory.buffer), words.committed, step);
}

function checkSettings(checkpoint: Checkpoint, identity: RunIdentity): void {
  const differences = settingsDifferences(checkpoint, identity);
  if (differences.length === 0) return;
  throw new ParallelError(
    "RESUME_SETTINGS",
    `these settings are not those of the checkpoint, and would change the result: ${differences.join("; ")}. ` +
      `Give the same ones, or override: true to go on with the new ones.`,
  );
}

function checkParameters(checkpoint: Checkpoint, identity: RunIdentity): void {
  const before = checkpoint.parameters.map(show);
  const now = identity.parameters.map(show);
  const at = Array.from({ length: Math.max(before.length, now.length) }, (_, i) => i).find((i) => before[i] !== now[i]);
  if (at === undefined) return;
  throw new ParallelError(
    "RESUME_MODEL",
    `parameter ${at + 1} of the model is ${now[at] ?? "not there"}; in the checkpoint it is ` +
      `${before[at] ?? "not there"}. Give the network that the checkpoint was made of.`,
  );
}

function show({ name, shape }: Checkpoint["parameters"][number]): string {
  return `${name} [${shape.join(", ")}]`;
}

function checkPosition({ step, samplerPosition }: Checkpoint, { store, batchSize }: Run): void {
  const between = samplerPosition % batchSize === 0 && samplerPosition < store.count;
  if (between || samplerPosition === store.count) return;
  throw new ParallelError(
    "RESUME_POSITION",
    `the checkpoint is after step ${step} and ${samplerPosition} images of its epoch; with ${store.count} images in ` +
      `minibatches of ${batchSize} no step ends there. Give the same data and batch size, or a checkpoint between epochs.`,
  );
}
