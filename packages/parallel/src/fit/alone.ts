import { ParallelError } from "../errors.ts";

const inTraining = new WeakSet<object>();

/**
 * Trains a model while nobody else does: of two at once, the later to end would undo what the other learned.
 *
 * @throws `FIT_MODEL` when it is being trained already
 */
export async function alone<T>(model: unknown, train: () => Promise<T>): Promise<T> {
  if (typeof model !== "object" || model === null) return train();
  if (inTraining.has(model)) {
    throw new ParallelError("FIT_MODEL", "this model is being trained already. Await one fit before the next.");
  }
  inTraining.add(model);
  try {
    return await train();
  } finally {
    inTraining.delete(model);
  }
}
