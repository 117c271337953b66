import test from "ava";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { replaced } from "../../test/replaced_predictor.ts";
import { createPredicting, evaluate, predict } from "./predict.ts";

const model = smallNetwork();
const data = bands(700);
const module = new URL("../../test/inject_prediction_fault.ts", import.meta.url).href;

test.serial("2 and 3 threads give the bits that the network gives by itself", async (t) => {
  t.deepEqual(await predict(model, data.images, { workers: 3 }), await model.predict(data.images));
  t.deepEqual(await evaluate(model, data, { workers: 2 }), await model.evaluate(data));
  const normalization = { mean: 0.2, deviation: 0.3 };
  const others = await predict(model, data.images, { workers: 2, normalization });
  t.deepEqual(others, await model.predict(data.images, { normalization }));
});

test.serial("no more threads are started than have images, and none for little work", async (t) => {
  let started = 0;
  const counting = createPredicting({ onThreads: (threads) => (started += threads.length) });
  await counting.predict(model, data.images.subarray(0, 65 * 64), { workers: 8 });
  t.is(started, 2);
  await counting.evaluate(model, data);
  t.is(started, 2);
});

test.serial("a thread that ends is replaced, and changes no bit", (t) => replaced(t, "exit"));

test.serial("a thread that cannot start ends it with a code, and the next call is served", async (t) => {
  const calls = new Int32Array(new SharedArrayBuffer(4));
  const wrapper = { module, data: { kind: "throw", calls, at: 0 } };
  const disturbed = createPredicting({ replicaWrapper: wrapper });
  await t.throwsAsync(disturbed.evaluate(model, data, { workers: 2 }), {
    code: "WORKER_START_FAILED",
    message: /worker 1 did not start: injected/,
  });
  t.is((await disturbed.evaluate(model, data, { workers: 2 })).total, 700);
});

test.serial("weights that are not finite give no answer on threads either", async (t) => {
  const broken = smallNetwork();
  broken.setWeights(broken.getWeights().with(0, NaN));
  await t.throwsAsync(predict(broken, data.images, { workers: 2 }), { code: "MODEL_NONFINITE" });
  await t.throwsAsync(evaluate(broken, data, { workers: 2 }), { code: "MODEL_NONFINITE" });
});

test.serial("impossible workers, images and options are refused by name", async (t) => {
  await t.throwsAsync(predict(model, data.images, { workers: 0 }), { code: "FIT_OPTION", message: /workers/ });
  await t.throwsAsync(predict(model, data.images.subarray(1), { workers: 2 }), { code: "DATA_LENGTH" });
  await t.throwsAsync(evaluate(model, { ...data, shape: [4, 16, 1] }, { workers: 2 }), { code: "MODEL_DATA" });
  // @ts-expect-error -- the types refuse it too
  await t.throwsAsync(predict(model, data.images, { worker: 2 }), { code: "MODEL_OPTION", message: /worker/ });
  // @ts-expect-error -- the types refuse it too
  await t.throwsAsync(evaluate(model, undefined, { workers: 2 }));
});
