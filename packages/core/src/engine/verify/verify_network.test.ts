import test from "ava";
import { emittedKernels, without, withExports } from "../../../test/with_exports.ts";
import { conv2d } from "../../network/layers/conv2d.ts";
import { dense } from "../../network/layers/dense.ts";
import { flatten } from "../../network/layers/flatten.ts";
import { maxPool2d } from "../../network/layers/max_pool2d.ts";
import { networks } from "../../model/networks/networks.ts";
import { Sequential } from "../../model/sequential.ts";
import { verificationCase } from "./verification_case.ts";
import { verifyNetwork, verifySteps } from "./verify_network.ts";

/** Large enough for decisions that float32 could take otherwise. */
const model = new Sequential({
  inputShape: [30, 26, 3],
  layers: [
    conv2d({ filters: 32, kernelSize: 5, padding: "same", activation: "relu" }),
    conv2d({ filters: 40, kernelSize: 3, activation: "relu" }),
    maxPool2d(),
    conv2d({ filters: 24, kernelSize: 3, activation: "relu" }),
    flatten(),
    dense({ units: 10 }),
  ],
}).toJSON();

for (const [name, build] of Object.entries(networks)) {
  test.serial(`finds nothing wrong with the kernels of ${name}`, async (t) => {
    t.deepEqual(await verifyNetwork(build().toJSON(), "narrow"), []);
    t.deepEqual(await verifyNetwork(build().toJSON(), "wide"), []);
  });
}

const prepared = verificationCase(model, 2);

test.serial("finds any one of a network's own kernels that does not do its work, close decisions or not", async (t) => {
  t.true(prepared.kinks.length > 0);
  const kernels = await emittedKernels(async () => {
    t.deepEqual(await verifySteps(model, prepared, "wide", 1), []);
  });
  t.true(kernels.size >= 11, [...kernels].join(" "));
  for (const name of kernels) {
    await withExports(without(name), async () => {
      const found = await verifySteps(model, prepared, "wide", 1);
      t.regex(found[0] ?? "", /^step 1: .* is off by /, name);
    });
  }
});

type Kernel = (...values: readonly number[]) => void;

/** Has a kernel do something else from step 2 on, when the network is instantiated again. */
async function later(
  name: string,
  change: (original: Kernel, memory: WebAssembly.Memory) => Kernel,
  work: () => Promise<void>,
): Promise<void> {
  let instances = 0;
  await withExports((exports, memory) => {
    const original = exports[name];
    if (typeof original !== "function" || memory === undefined || ++instances === 1) return;
    exports[name] = change((...values) => void original(...values), memory);
  }, work);
}

/** The fourth sum of what a convolution or a dense layer gives forward. */
function changedSum(original: Kernel, memory: WebAssembly.Memory): Kernel {
  return (...values) => {
    original(...values);
    new Uint32Array(memory.buffer)[values[4] / 4 + 3] ^= 4;
  };
}

test.serial("finds a single sum that a later step has otherwise, closer than the reference can tell", async (t) => {
  await later("dense_1/forward", changedSum, async () => {
    t.deepEqual(await verifySteps(model, prepared, "wide", 2), [
      "step 2: it has other bits than step 1, which was the same",
    ]);
  });
});

const nothing = (): Kernel => () => {};

test.serial("finds a kernel that later leaves its work out, though the right result was in memory", async (t) => {
  await later("conv2d_1/weightGradient", nothing, async () => {
    const [found] = await verifySteps(model, prepared, "wide", 2);
    t.regex(found, /^step 2: the gradient of conv2d_1\/kernel is off/);
  });
});

test.serial("a network whose prediction alone is compared still has to repeat its gradient", async (t) => {
  const predicted = verificationCase(model, 1, false);
  t.deepEqual(await verifySteps(model, predicted, "wide", 2), []);
  await withExports(without("conv2d_2/forward"), async () => {
    t.regex((await verifySteps(model, predicted, "wide", 1))[0] ?? "", /^step 1: the prediction is off/);
  });
  await later("conv2d_1/weightGradient", nothing, async () => {
    t.regex((await verifySteps(model, predicted, "wide", 2))[0] ?? "", /^step 2: it has other bits/);
  });
});
