import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { convolutionDifferences } from "./random_convolution.ts";
import { tensorflow } from "./tensorflow.ts";

test("9,000 random convolutions and their gradients are the sums of their definition", async (t) => {
  const tf = await tensorflow();
  const draw = new Draw(8);
  const wrong: string[] = [];
  for (let i = 0; i < 9000; i++) wrong.push(...convolutionDifferences(tf, draw));
  t.deepEqual(wrong, []);
});
