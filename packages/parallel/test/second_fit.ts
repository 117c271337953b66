import type { ExecutionContext } from "ava";
import { fit } from "../src/fit/fit.ts";
import { perceptron, rows, weightsOf } from "./compiled_models.ts";
import { compiledOptimizers, type OptimizerName } from "./disturbed_compiled_training.ts";

/** Four epochs in one fit, and in two fits of which the second has the optimizer of the first: the same bits. */
export async function goesOn(t: ExecutionContext, optimizer: OptimizerName): Promise<void> {
  const [whole, halves] = [perceptron(), perceptron()];
  for (const model of [whole, halves]) {
    model.compile({ optimizer: compiledOptimizers[optimizer](), loss: "categoricalCrossentropy" });
  }
  const options = { shuffle: false, batchSize: 16, shards: 2 };
  await fit(whole, rows(48), { ...options, workers: 1, epochs: 4 });
  for (const workers of [1, 2]) await fit(halves, rows(48), { ...options, workers, epochs: 2 });
  t.deepEqual(weightsOf(halves), weightsOf(whole));
}
