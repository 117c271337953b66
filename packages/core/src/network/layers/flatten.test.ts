import test from "ava";
import { buildLayers } from "./build.ts";
import { flatten } from "./flatten.ts";

test("makes one row of an image, and leaves a row alone", (t) => {
  const [image] = buildLayers([5, 3, 2], [flatten()]);
  t.deepEqual(image.outputShape, [30]);
  t.deepEqual(image.parameters, []);
  t.is(image.flops, 0);
  t.deepEqual(buildLayers([7], [flatten()])[0].outputShape, [7]);
  t.deepEqual(buildLayers([1, 1, 1], [flatten()])[0].outputShape, [1]);
});

test("refuses any option", (t) => {
  // @ts-expect-error -- the types refuse it too
  t.throws(() => flatten({ dataFormat: "channelsFirst" }), {
    code: "LAYER_OPTION",
    message: "LAYER_OPTION: flatten has no option dataFormat; it takes none.",
  });
});
