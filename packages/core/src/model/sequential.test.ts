import test from "ava";
import { conv2d } from "../network/layers/conv2d.ts";
import { dense } from "../network/layers/dense.ts";
import { flatten } from "../network/layers/flatten.ts";
import { maxPool2d } from "../network/layers/max_pool2d.ts";
import { relu } from "../network/activations/relu.ts";
import { Sequential } from "./sequential.ts";

const small = (seed?: number): Sequential =>
  new Sequential({
    inputShape: [6, 5, 2],
    layers: [conv2d({ filters: 3, kernelSize: 3, activation: "relu" }), maxPool2d(), flatten(), dense({ units: 4 })],
    ...(seed === undefined ? {} : { seed }),
  });

test("the example of the documentation has the parameters it says", (t) => {
  const model = new Sequential({
    inputShape: [28, 28, 1],
    layers: [conv2d({ filters: 16, kernelSize: 3, activation: "relu" }), maxPool2d(), flatten(), dense({ units: 10 })],
  });
  t.is(model.parameterCount, 27210);
});

test("knows its shapes, classes and parameters", (t) => {
  const model = small();
  t.deepEqual(model.inputShape, [6, 5, 2]);
  t.deepEqual(
    model.layers.map(({ outputShape }) => outputShape),
    [[4, 3, 3], [2, 1, 3], [6], [4]],
  );
  t.is(model.classes, 4);
  t.is(model.seed, 1);
  t.deepEqual(
    model.parameters.map(({ name, offset }) => [name, offset]),
    [
      ["conv2d_1/kernel", 0],
      ["conv2d_1/bias", 54],
      ["dense_1/kernel", 57],
      ["dense_1/bias", 81],
    ],
  );
  t.is(model.parameterCount, 85);
});

test("starts with weights that depend on its seed", (t) => {
  t.is(small().weightsSha256(), small(1).weightsSha256());
  t.not(small().weightsSha256(), small(2).weightsSha256());
  const weights = small().getWeights();
  t.is(weights.length, 85);
  t.true(weights.subarray(0, 54).every((value) => value !== 0));
  t.true(weights.subarray(54, 57).every((value) => value === 0));
});

test("getWeights and setWeights copy", (t) => {
  const model = small();
  const hash = model.weightsSha256();
  model.getWeights().fill(0);
  t.is(model.weightsSha256(), hash);
  const weights = new Float32Array(new SharedArrayBuffer(85 * 4)).fill(0.5);
  model.setWeights(weights);
  weights.fill(0);
  t.deepEqual(model.getWeights(), new Float32Array(85).fill(0.5));
  t.false(model.getWeights().buffer instanceof SharedArrayBuffer);
});

for (const [what, weights] of [
  ["too few", new Float32Array(84)],
  ["doubles", new Float64Array(85)],
  ["an array", Array.from({ length: 85 }, () => 0)],
  ["nothing", undefined],
] as const) {
  test(`refuses weights that are ${what}`, (t) => {
    // @ts-expect-error -- the types refuse all but the first
    t.throws(() => small().setWeights(weights), { code: "MODEL_WEIGHTS", message: /85 parameters/ });
  });
}

test("survives JSON", (t) => {
  const model = small(7);
  const again = Sequential.fromJSON(JSON.parse(JSON.stringify(model)));
  t.deepEqual(again.toJSON(), model.toJSON());
  t.deepEqual(again.layers, model.layers);
  t.is(again.weightsSha256(), model.weightsSha256());
});

test("its description can be posted to a thread", (t) => {
  const config = small().toJSON();
  t.deepEqual(structuredClone(config), config);
});

test("a description of a large network allocates nothing until its weights are asked for", (t) => {
  const before = process.memoryUsage().arrayBuffers;
  const model = Sequential.fromJSON({
    inputShape: [100, 100, 1],
    layers: [flatten(), dense({ units: 20_000 })],
    seed: 1,
  });
  t.is(model.parameterCount, 200_020_000);
  t.true(process.memoryUsage().arrayBuffers - before < 1e6);
});

const layers = [flatten(), dense({ units: 2 })];
const refused: [what: string, options: object, code: string, message: RegExp][] = [
  ["an input without channels", { inputShape: [28, 28], layers }, "MODEL_OPTION", /inputShape .* got \[28, 28\]/],
  ["a batch in the input shape", { inputShape: [null, 28, 28, 1], layers }, "MODEL_OPTION", /inputShape/],
  ["an input of size zero", { inputShape: [28, 0, 1], layers }, "MODEL_OPTION", /got \[28, 0, 1\]/],
  ["a gigantic input", { inputShape: [65536, 65536, 1], layers }, "MODEL_OPTION", /at most 16777216 values/],
  ["no input shape", { layers }, "MODEL_OPTION", /got undefined/],
  ["no layers", { inputShape: [4, 4, 1], layers: [] }, "MODEL_OPTION", /at least one layer/],
  ["layers that are no array", { inputShape: [4, 4, 1], layers: relu() }, "MODEL_OPTION", /array/],
  ["a layer that is none", { inputShape: [4, 4, 1], layers: [{ kind: "lstm" }] }, "LAYER_KIND", /"lstm"/],
  ["a layer with a bad option", { inputShape: [4, 4, 1], layers: [{ kind: "dense" }] }, "LAYER_OPTION", /units/],
  ["a negative seed", { inputShape: [4, 4, 1], layers, seed: -1 }, "MODEL_OPTION", /seed .* got -1/],
  ["a seed of 2^32", { inputShape: [4, 4, 1], layers, seed: 2 ** 32 }, "MODEL_OPTION", /seed .* 4294967295/],
  ["a seed whose JSON throws", { inputShape: [4, 4, 1], layers, seed: 1n }, "MODEL_OPTION", /got 1n\./],
  ["an input shape that is a long text", { inputShape: "x".repeat(1e6), layers }, "MODEL_OPTION", /got "x{57}\.\.\."/],
  ["a seed that is text", { inputShape: [4, 4, 1], layers, seed: "1" }, "MODEL_OPTION", /got "1"/],
  [
    "an image at the end",
    { inputShape: [4, 4, 1], layers: [conv2d({ filters: 2, kernelSize: 4 })] },
    "LAYER_SHAPE",
    /the last layer, conv2d_1, gives \[1, 1, 2\]; .* End with flatten\(\) and dense/,
  ],
  [
    "a single class",
    { inputShape: [4, 4, 1], layers: [flatten(), dense({ units: 1 })] },
    "LAYER_SHAPE",
    /dense_1, gives \[1\]/,
  ],
  [
    "a class for each pixel of a large image",
    { inputShape: [4096, 4096, 1], layers: [flatten()] },
    "MODEL_SIZE",
    /flatten_1, gives 16777216 classes; 65536 are the most/,
  ],
  [
    "an array of layers with more places than memory",
    { inputShape: [4, 4, 1], layers: Array(2 ** 32 - 1) },
    "MODEL_SIZE",
    /1024/,
  ],
  [
    "more parameters than fit",
    { inputShape: [1000, 1000, 1], layers: [flatten(), dense({ units: 1000 })] },
    "MODEL_SIZE",
    /1000001000 parameters; .* dense_1\/kernel, \[1000000, 1000\]/,
  ],
];
for (const [what, options, code, message] of refused) {
  test(`refuses ${what}`, (t) => {
    // @ts-expect-error -- the types refuse most of them too
    t.throws(() => new Sequential(options), { code, message });
  });
}

test("refuses a description that is no object", (t) => {
  // @ts-expect-error -- the types refuse it too
  t.throws(() => Sequential.fromJSON(null), { code: "MODEL_OPTION" });
});
