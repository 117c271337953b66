import type { ExecutionContext } from "ava";
import { createPredicting } from "../src/predict/predict.ts";
import type { PredictionFault } from "./inject_prediction_fault.ts";
import { bands, smallNetwork } from "./small_network.ts";

const module = new URL("inject_prediction_fault.ts", import.meta.url).href;

/** Predicts with a worker that fails once, in the middle. */
export async function replaced(t: ExecutionContext, kind: PredictionFault["kind"]): Promise<void> {
  const calls = new Int32Array(new SharedArrayBuffer(4));
  const fault: PredictionFault = { kind, calls, at: 2 };
  const { predict } = createPredicting({ replicaWrapper: { module, data: fault }, hangMilliseconds: 2000 });
  const { images } = bands(700);
  const model = smallNetwork();
  t.deepEqual(await predict(model, images, { workers: 2 }), await model.predict(images));
  t.true(calls[0] > 3);
}
