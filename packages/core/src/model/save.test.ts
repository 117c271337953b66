import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { seedCnn } from "./networks/seed_cnn.ts";
import { Sequential } from "./sequential.ts";

test("save writes one file, and load gives the same network with the same bits", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "convoy-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const model = seedCnn({ seed: 3 });
  model.setWeights(model.getWeights().map((weight) => weight * 2));
  const file = path.join(folder, "weights.safetensors");
  await model.save(file);
  t.deepEqual(readdirSync(folder), ["weights.safetensors"]);
  const again = await Sequential.load(file);
  t.deepEqual(again.toJSON(), model.toJSON());
  t.is(again.weightsSha256(), model.weightsSha256());
});
