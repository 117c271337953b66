// Run with --expose-gc: makes networks that nobody disposes of, and says how far the backend's memory grew after the first
// ten of them. Argument: how many.
import process from "node:process";
import { setImmediate as nextTurn } from "node:timers/promises";
import { startBackend } from "../src/engine/backend/start.ts";
import { seedCnn } from "../src/model/networks/seed_cnn.ts";

const { memory } = await startBackend();
const images = new Uint8Array(64 * 28 * 28);
const sizes: number[] = [];
for (let i = 0; i < Number(process.argv[2]); i++) {
  await seedCnn().predict(images);
  globalThis.gc?.();
  await nextTurn();
  sizes.push(memory.buffer.byteLength);
}
process.stdout.write(`${JSON.stringify({ early: sizes[9], late: sizes[sizes.length - 1] })}\n`);
