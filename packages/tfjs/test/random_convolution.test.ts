import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { convolutionDifferences } from "./random_convolution.ts";
import { tensorflow } from "./tensorflow.ts";

test("300 random convolutions and their gradients are the sums of their definition", async (t) => {
  const tf = await tensorflow();
  const draw = new Draw(7);
  for (let i = 0; i < 300; i++) t.deepEqual(convolutionDifferences(tf, draw), []);
});
