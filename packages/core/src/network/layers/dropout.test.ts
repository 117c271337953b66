import test from "ava";
import { buildLayers } from "./build.ts";
import { dropout } from "./dropout.ts";

test("keeps the shape of images and of features", (t) => {
  const [image] = buildLayers([5, 3, 2], [dropout({ rate: 0.25 })]);
  t.deepEqual(image.layer, { kind: "dropout", rate: 0.25 });
  t.deepEqual(image.outputShape, [5, 3, 2]);
  t.deepEqual(image.parameters, []);
  t.deepEqual(buildLayers([7], [dropout({ rate: 0 })])[0].outputShape, [7]);
});

for (const rate of [1, -0.1, NaN, "0.5", undefined]) {
  test(`refuses the rate ${String(rate)}`, (t) => {
    // @ts-expect-error -- the types refuse some of them too
    t.throws(() => dropout({ rate }), { code: "LAYER_OPTION", message: /rate must be a number from 0 to below 1/ });
  });
}

test("refuses an option that it does not know", (t) => {
  // @ts-expect-error -- the types refuse it too
  t.throws(() => dropout({ rate: 0.5, seed: 3 }), { code: "LAYER_OPTION", message: /dropout has no option seed/ });
});
