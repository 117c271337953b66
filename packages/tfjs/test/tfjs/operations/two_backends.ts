import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "../../../src/register.ts";
import { Comparison } from "./compare_operations.ts";

/** tfjs with our kernels beside its CPU backend, ready to be compared. */
export async function twoBackends(): Promise<Comparison> {
  await tf.setBackend("cpu");
  await tf.setBackend("wasm");
  return new Comparison(tf);
}
