import { register } from "@convoy/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";

/** tfjs on its WebAssembly backend with our kernels: what a program has after one import. */
export async function tensorflow(): Promise<typeof tf> {
  await tf.setBackend("wasm");
  register(tf);
  return tf;
}
