import test from "ava";
import { buildLayers } from "../layers/build.ts";
import { relu } from "./relu.ts";

test("keeps the shape of images and of features", (t) => {
  const [image] = buildLayers([5, 3, 2], [relu()]);
  t.deepEqual(image.outputShape, [5, 3, 2]);
  t.deepEqual(image.parameters, []);
  t.is(image.flops, 30);
  t.deepEqual(buildLayers([7], [relu()])[0].outputShape, [7]);
});

test("refuses any option", (t) => {
  // @ts-expect-error -- the types refuse it too
  t.throws(() => relu({ maxValue: 6 }), {
    code: "LAYER_OPTION",
    message: "LAYER_OPTION: relu has no option maxValue; it takes none.",
  });
});
