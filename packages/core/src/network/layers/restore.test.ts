import test from "ava";
import { averagePool2d } from "./average_pool2d.ts";
import { conv2d } from "./conv2d.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { flatten } from "./flatten.ts";
import { maxPool2d } from "./max_pool2d.ts";
import { relu } from "./relu.ts";
import { restoreLayer } from "./restore.ts";

const layers = [
  conv2d({ filters: 2, kernelSize: [1, 2], strides: 3, padding: "same", activation: "relu", useBias: false }),
  maxPool2d({ poolSize: 3 }),
  averagePool2d({ strides: [1, 2] }),
  relu(),
  flatten(),
  dense({ units: 3, kernelInitializer: "pytorch" }),
  dropout({ rate: 0.1 }),
];
for (const layer of layers) {
  test(`${layer.kind} survives JSON`, (t) => {
    t.deepEqual(restoreLayer(JSON.parse(JSON.stringify(layer))), layer);
  });
}

for (const value of [null, undefined, 3, "relu", {}, { kind: "toString" }, { kind: "lstm" }, { kind: ["relu"] }]) {
  test(`refuses ${JSON.stringify(value)} as a layer`, (t) => {
    t.throws(() => restoreLayer(value), { code: "LAYER_KIND", message: /must be one of conv2d, maxPool2d/ });
  });
}

test("checks the options as the constructor does", (t) => {
  t.throws(() => restoreLayer({ kind: "dense", units: 0 }), { code: "LAYER_OPTION" });
  t.throws(() => restoreLayer({ kind: "relu", slope: 0.1 }), { code: "LAYER_OPTION" });
});
