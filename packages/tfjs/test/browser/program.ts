// Runs in a browser: trains a small network for some steps through tfjs, and posts what it saw.
import * as tf from "@tensorflow/tfjs-core";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "../../src/register.ts";

const warnings: unknown[] = [];
console.warn = (...parts: unknown[]) => warnings.push(...parts);

async function train(): Promise<unknown> {
  setWasmPaths("/");
  await tf.setBackend("wasm");
  const images = tf.tensor4d(
    Float32Array.from({ length: 8 * 36 }, (_, i) => Math.sin(i * i)),
    [8, 6, 6, 1],
  );
  const labels = tf.tensor2d(
    Float32Array.from({ length: 8 * 2 }, (_, i) => Number((i >> 1) % 2 === i % 2)),
    [8, 2],
  );
  const filter = tf.variable(
    tf.tensor4d(
      Float32Array.from({ length: 36 }, (_, i) => Math.cos(i)),
      [3, 3, 1, 4],
    ),
  );
  const dense = tf.variable(
    tf.tensor2d(
      Float32Array.from({ length: 72 }, (_, i) => Math.sin(i) / 4),
      [36, 2],
    ),
  );
  const optimizer = tf.train.momentum(0.05, 0.9);
  const losses: number[] = [];
  for (let step = 0; step < 20; step++) {
    const loss = optimizer.minimize(() => {
      const maps = tf.relu(tf.conv2d(images, filter, 1, "same"));
      const logits = tf.matMul(tf.reshape(tf.maxPool(maps, 2, 2, "valid"), [8, 36]), dense);
      return tf.losses.softmaxCrossEntropy(labels, logits);
    }, true);
    losses.push(loss?.dataSync()[0] ?? Number.NaN);
    loss?.dispose();
  }
  return { isolated: crossOriginIsolated, losses, warnings };
}

const report = await train().catch((error: unknown) => ({ error: String(error) }));
await fetch("/result", { method: "POST", body: JSON.stringify(report) });
