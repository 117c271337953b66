import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { poolDifferences } from "./random_pool.ts";
import { tensorflow } from "./tensorflow.ts";

test("300 random pools of two and three dimensions and their gradients are those of their definition", async (t) => {
  const tf = await tensorflow();
  const draw = new Draw(1);
  for (let i = 0; i < 300; i++) t.deepEqual(poolDifferences(tf, draw), []);
});
