import test from "ava";
import { averagePool2d } from "./average_pool2d.ts";
import { buildLayers } from "./build.ts";
import { conv2d } from "./conv2d.ts";
import { dense } from "./dense.ts";
import { flatten } from "./flatten.ts";
import { maxPool2d } from "./max_pool2d.ts";
import { relu } from "../activations/relu.ts";

test("numbers the layers of each kind, and hands each shape on", (t) => {
  const layers = buildLayers(
    [9, 8, 3],
    [conv2d({ filters: 2, kernelSize: 2 }), relu(), averagePool2d(), conv2d({ filters: 1, kernelSize: 1 }), relu()],
  );
  t.deepEqual(
    layers.map(({ name, inputShape, outputShape }) => [name, inputShape, outputShape]),
    [
      ["conv2d_1", [9, 8, 3], [8, 7, 2]],
      ["relu_1", [8, 7, 2], [8, 7, 2]],
      ["averagePool2d_1", [8, 7, 2], [4, 3, 2]],
      ["conv2d_2", [4, 3, 2], [4, 3, 1]],
      ["relu_2", [4, 3, 1], [4, 3, 1]],
    ],
  );
});

test("lays the parameters out without gaps, kernel before bias", (t) => {
  const parameters = buildLayers(
    [4, 4, 1],
    [
      conv2d({ filters: 2, kernelSize: 3 }),
      maxPool2d(),
      flatten(),
      dense({ units: 3, useBias: false }),
      dense({ units: 2 }),
    ],
  ).flatMap((layer) => layer.parameters);
  t.deepEqual(
    parameters.map(({ name, offset, size }) => [name, offset, size]),
    [
      ["conv2d_1/kernel", 0, 18],
      ["conv2d_1/bias", 18, 2],
      ["dense_1/kernel", 20, 6],
      ["dense_2/kernel", 26, 6],
      ["dense_2/bias", 32, 2],
    ],
  );
});

test("names the layer that does not fit, not only its kind", (t) => {
  const layers = [conv2d({ filters: 2, kernelSize: 3 }), maxPool2d(), conv2d({ filters: 2, kernelSize: 3 })];
  t.throws(() => buildLayers([5, 5, 1], layers), {
    code: "LAYER_SHAPE",
    message: /conv2d_2: its window of 3 x 3 is larger than the input, \[1, 1, 2\]/,
  });
});
