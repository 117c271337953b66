import test from "ava";
import type { Code } from "../../emit/module/code.ts";
import { type Emitted, type KernelVariant, Linker } from "../../emit/module/linker.ts";
import { averagePool2d } from "../../../network/layers/average_pool2d.ts";
import { conv2d } from "../../../network/layers/conv2d.ts";
import { dense } from "../../../network/layers/dense.ts";
import { dropout } from "../../../network/layers/dropout.ts";
import { flatten } from "../../../network/layers/flatten.ts";
import type { Pair } from "../../../network/options/values.ts";
import { maxPool2d } from "../../../network/layers/max_pool2d.ts";
import { relu } from "../../../network/activations/relu.ts";
import { networks } from "../../../model/networks/networks.ts";
import { Sequential } from "../../../model/sequential.ts";
import { describePlan } from "./describe_plan.ts";
import type { PlanAlgorithm, PlanPhase, PlanRow } from "./plan_row.ts";
import { createReplica } from "../create_replica.ts";

const described: Readonly<Record<string, Sequential>> = {
  ...Object.fromEntries(Object.entries(networks).map(([name, build]) => [name, build()])),
  "five convolutions": new Sequential({
    inputShape: [16, 16, 3],
    layers: [
      conv2d({ filters: 32, kernelSize: 3, padding: "same", activation: "relu" }),
      conv2d({ filters: 32, kernelSize: 3, padding: "same", activation: "relu" }),
      maxPool2d(),
      conv2d({ filters: 64, kernelSize: 3, padding: "same" }),
      relu(),
      conv2d({ filters: 64, kernelSize: 3, strides: 2 }),
      averagePool2d({ poolSize: 3, strides: 1 }),
      dropout({ rate: 0.5 }),
      flatten(),
      dense({ units: 10 }),
    ],
  }),
  "pools and relu before anything that is trained": new Sequential({
    inputShape: [13, 13, 2],
    layers: [
      relu(),
      averagePool2d(),
      conv2d({ filters: 5, kernelSize: 3, strides: [1, 2] }),
      maxPool2d({ poolSize: 3, strides: 2, padding: "same" }),
      relu(),
      flatten(),
      dense({ units: 3 }),
    ],
  }),
};

/** The functions that a planned replica emits: their names, and how many parameters each has. */
async function emittedFunctions(model: Sequential, kernels: KernelVariant): Promise<Map<string, number>> {
  const functions = new Map<string, number>();
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the linker below
  const { add } = Linker.prototype;
  Linker.prototype.add = function record(this: Linker, name: string, code: Code): Emitted {
    functions.set(name, code.parameterCount);
    return add.call(this, name, code);
  };
  try {
    const replica = await createReplica({ kind: "planned", model: model.toJSON(), kernels }, 2);
    replica.dispose();
  } finally {
    Linker.prototype.add = add;
  }
  return functions;
}

const functionNames: Readonly<Record<PlanPhase, string>> = {
  forward: "forward",
  "input gradient": "inputGradient",
  "weight gradient": "weightGradient",
};

/**
 * What the number of parameters gives away: direct and Winograd's convolutions differ by one, for scratch memory; direct
 * weight gradients have four, or six where they sum shards by themselves.
 */
const parameterCounts: Readonly<Partial<Record<PlanAlgorithm, Readonly<Record<PlanPhase, readonly number[]>>>>> = {
  direct: { forward: [6], "input gradient": [6], "weight gradient": [4, 6] },
  windows: { forward: [6, 7], "input gradient": [], "weight gradient": [5] },
  "winograd F(2x2,3x3)": { forward: [7], "input gradient": [7], "weight gradient": [] },
  "winograd F(4x4,3x3)": { forward: [7], "input gradient": [7], "weight gradient": [] },
  "winograd F(3x3,4x4)": { forward: [], "input gradient": [], "weight gradient": [5] },
  scattered: { forward: [], "input gradient": [4], "weight gradient": [] },
  routed: { forward: [], "input gradient": [5], "weight gradient": [5] },
  unpooled: { forward: [], "input gradient": [], "weight gradient": [6] },
  pool: { forward: [4], "input gradient": [4], "weight gradient": [] },
};

/**
 * An input gradient that is a convolution has a function for each phase of the strides: "conv2d_2/inputGradient/0/1".
 * Windows in the lanes take as many parameters as others do, and have a name of their own: "conv2d_1/windows/forward".
 */
function functionOf({ layers, phase, algorithm }: PlanRow): string {
  const windowByWindow = ["routed", "scattered", "pool"].includes(algorithm);
  const ofDense = layers[0].startsWith("dense");
  const places = phase === "input gradient" && !windowByWindow && !ofDense ? "/*/*" : "";
  const inLanes = algorithm === "windows" ? "/windows" : "";
  return `${layers[0]}${inLanes}/${functionNames[phase]}${places}`;
}

for (const variant of ["narrow", "wide"] as const) {
  for (const [name, model] of Object.entries(described)) {
    test.serial(`names the algorithms that the ${variant} kernels of ${name} are emitted for`, async (t) => {
      const emitted = new Map<string, number>();
      for (const [kernel, count] of await emittedFunctions(model, variant)) {
        // The rows of weights that whole blocks leave have a function of their own.
        emitted.set(kernel.replace(/\/\d+\/\d+$/, "/*/*").replace(/\/rest$/, ""), count);
      }
      const expected: string[] = [];
      for (const row of describePlan(model.toJSON(), variant)) {
        const counts = parameterCounts[row.algorithm]?.[row.phase];
        if (counts === undefined) continue;
        const kernel = functionOf(row);
        t.true(counts.includes(emitted.get(kernel) ?? 0), kernel);
        expected.push(kernel);
      }
      t.deepEqual([...emitted.keys()].toSorted(), expected.toSorted());
    });
  }
}

for (const [name, model] of Object.entries(described)) {
  test.serial(`has a row for every operation of ${name}, in its order, under the name that profiles use`, async (t) => {
    const operations: string[] = [];
    const record = (operation: string, part: string): unknown => part === "pack" && operations.push(operation);
    const replica = await createReplica({ kind: "planned", model: model.toJSON() }, 1, record);
    replica.load(model.getWeights());
    replica.dispose();
    t.deepEqual([...new Set(describePlan(model.toJSON()).map(({ layers }) => layers[0]))], operations);
  });
}

test("every layer but flatten is in exactly one block", (t) => {
  for (const [name, model] of Object.entries(described)) {
    const forward = describePlan(model.toJSON()).filter(({ phase }) => phase === "forward");
    const layers = model.layers.filter(({ layer }) => layer.kind !== "flatten");
    t.deepEqual(
      forward.flatMap((row) => row.layers),
      layers.map((layer) => layer.name),
      name,
    );
  }
});

/** Layers, phase and algorithm in one word each, with dense and executed FLOPs. */
function brief(rows: readonly PlanRow[]): unknown[] {
  return rows.map(({ layers, phase, algorithm, flops, executedFlops }) => [
    layers.join("+"),
    phase,
    algorithm,
    flops,
    executedFlops,
  ]);
}

test("counts the arithmetic of the seed network as one does by hand", (t) => {
  const conv1 = 2 * 26 * 26 * 9 * 16;
  const conv2 = 2 * 11 * 11 * 9 * 16 * 32;
  const dense1 = 2 * 800 * 120;
  const dense2 = 2 * 120 * 10;
  // 5 × 5 pools, each a tile of 16 products and of the two transforms: 32 additions a channel in, 24 a channel out.
  const winograd = 25 * (2 * 16 * 16 * 32 + 32 * 16 + 24 * 32);
  // Half of the pools' winners, each a filter of 3 rows: 3 floats in one vector of 4; 48 floats in twelve.
  const routed1 = 2 * 0.5 * 13 * 13 * 16 * 3 * 4;
  const routed2 = 2 * 0.5 * 25 * 32 * 3 * 48;
  t.deepEqual(brief(describePlan(described["seed-cnn"].toJSON())), [
    ["conv2d_1+maxPool2d_1", "forward", "direct", conv1, conv1],
    ["conv2d_1+maxPool2d_1", "input gradient", "skipped", 0, 0],
    ["conv2d_1+maxPool2d_1", "weight gradient", "routed", conv1, routed1],
    ["conv2d_2+maxPool2d_2", "forward", "winograd F(2x2,3x3)", conv2, winograd],
    ["conv2d_2+maxPool2d_2", "input gradient", "routed", conv2, routed2],
    ["conv2d_2+maxPool2d_2", "weight gradient", "routed", conv2, routed2],
    ["dense_1", "forward", "direct", dense1, dense1],
    ["dense_1", "input gradient", "direct", dense1, dense1],
    ["dense_1", "weight gradient", "direct", dense1, dense1],
    // Ten classes take three vectors of four.
    ["dense_2", "forward", "direct", dense2, 1.2 * dense2],
    ["dense_2", "input gradient", "direct", dense2, dense2],
    ["dense_2", "weight gradient", "direct", dense2, 1.2 * dense2],
  ]);
});

test("counts all windows of an unpooled gradient, with the lanes that its last vector wastes", (t) => {
  for (const [filters, lanes] of [
    [16, 16],
    [6, 8],
    [17, 20],
  ]) {
    const layers = [conv2d({ filters, kernelSize: 3 }), maxPool2d(), flatten(), dense({ units: 2 })];
    const rows = describePlan(new Sequential({ inputShape: [29, 28, 1], layers }).toJSON(), "wide");
    // The pool leaves out the last of 27 rows.
    const row = ["conv2d_1+maxPool2d_1", "weight gradient", "unpooled"];
    t.deepEqual(brief(rows)[2], [...row, 2 * 27 * 26 * 9 * filters, 2 * 26 * 26 * 9 * lanes]);
  }
});

/** Of the weight gradient of a pooled convolution. */
function weightAlgorithm(kernelSize: number | Pair, inputs: number, filters: number, variant: KernelVariant): string {
  const layers = [conv2d({ filters, kernelSize }), maxPool2d(), flatten(), dense({ units: 2 })];
  return describePlan(new Sequential({ inputShape: [28, 28, inputs], layers }).toJSON(), variant)[2].algorithm;
}

test("unpools for filters of at most nine weights, from five of them on, and on wide kernels", (t) => {
  t.is(weightAlgorithm(3, 1, 5, "wide"), "unpooled");
  t.is(weightAlgorithm(1, 9, 5, "wide"), "unpooled");
  t.is(weightAlgorithm(3, 1, 4, "wide"), "routed");
  t.is(weightAlgorithm([2, 5], 1, 16, "wide"), "routed");
  t.is(weightAlgorithm(3, 2, 16, "wide"), "routed");
  t.is(weightAlgorithm(3, 1, 16, "narrow"), "routed");
});

test("counts zeros that are multiplied, windows that a pool leaves out, and pixels that a stride skips", (t) => {
  const layers = [
    conv2d({ filters: 8, kernelSize: 1 }),
    conv2d({ filters: 4, kernelSize: 3, strides: [2, 1], padding: "same" }),
    maxPool2d({ poolSize: 2, strides: 1 }),
    flatten(),
    dense({ units: 4, useBias: false }),
  ];
  const rows = describePlan(new Sequential({ inputShape: [8, 2, 4], layers }).toJSON());
  const conv = 2 * (4 * 2) * 9 * 8 * 4;
  t.deepEqual(brief(rows).slice(3, 8), [
    ["conv2d_2", "forward", "direct", conv, conv],
    // Of eight rows, the four even ones are reached by two taps, the odd ones by one; two columns, three taps.
    ["conv2d_2", "input gradient", "direct", conv, 2 * (4 * 2 + 4 * 1) * 2 * 3 * 8 * 4],
    ["conv2d_2", "weight gradient", "direct", conv, conv],
    ["maxPool2d_1", "forward", "pool", 3 * 4 * 4, 3 * 4 * 4],
    ["maxPool2d_1", "input gradient", "pool", 3 * 4 * 4, 3 * 4 * 4],
  ]);
});

test("expects time for everything that computes, and none for what is skipped", (t) => {
  for (const [name, model] of Object.entries(described)) {
    for (const variant of ["narrow", "wide"] as const) {
      for (const row of describePlan(model.toJSON(), variant)) {
        const text = `${name}, ${variant}: ${row.layers[0]}, ${row.phase}`;
        t.is(row.microseconds > 0, row.algorithm !== "skipped", text);
        t.is(row.executedFlops > 0, row.algorithm !== "skipped", text);
      }
    }
  }
});

test("expects twice the time for twice the arithmetic", (t) => {
  const [four, eight] = [4, 8].map((channels) =>
    describePlan(networks["seed-cnn"]({ inputShape: [28, 28, channels] }).toJSON(), "wide"),
  );
  t.is(eight[0].executedFlops, 2 * four[0].executedFlops);
  t.true(Math.abs(eight[0].microseconds / four[0].microseconds - 2) < 1e-9);
});
