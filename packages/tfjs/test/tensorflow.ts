import * as tf from "@tensorflow/tfjs-core";
import "../src/register.ts";

/** tfjs on backend 'wasm', with our kernels. */
export async function tensorflow(): Promise<typeof tf> {
  await tf.setBackend("wasm");
  return tf;
}
