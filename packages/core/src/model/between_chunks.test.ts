import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { dense } from "../network/layers/dense.ts";
import { flatten } from "../network/layers/flatten.ts";
import { Sequential } from "./sequential.ts";

const count = 256 * 8;
const images = Float32Array.from({ length: 2 * count }, (_, i) => (i % 7) - 3);
const data = { images, labels: new Uint8Array(count), shape: [1, 2, 1] } as const;

function network(): Sequential {
  return new Sequential({ inputShape: [1, 2, 1], layers: [flatten(), dense({ units: 3 })] });
}

/** How often the event loop came round while the work was done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let done = false;
  const turn = (): void => {
    turns++;
    if (!done) setImmediate(turn);
  };
  setImmediate(turn);
  await work;
  done = true;
  return turns;
}

test.serial("evaluate and predict give the event loop a turn after each chunk", async (t) => {
  const model = network();
  // With the replica made, nothing else is waited for.
  await model.predict(images);
  t.true((await turnsDuring(model.evaluate(data))) >= 7);
  t.true((await turnsDuring(model.predict(images))) >= 7);
  model.dispose();
});

test.serial("what happens to the network in such a turn counts for later calls alone", async (t) => {
  const model = network();
  const expected = await model.predict(images);
  const running = model.predict(images);
  await new Promise((resolve) => setImmediate(resolve));
  model.setWeights(new Float32Array(9));
  const later = model.predict(images.subarray(0, 2));
  model.dispose();
  t.deepEqual(await running, expected);
  t.true((await later).every((probability) => Math.abs(probability - 1 / 3) < 1e-6));
  model.dispose();
});

test("networks that nobody refers to give their memory back", async (t) => {
  const program = fileURLToPath(new URL("../../test/abandoned_networks.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", program, "40"]);
  const { early, late } = JSON.parse(stdout);
  t.is(late, early);
});
