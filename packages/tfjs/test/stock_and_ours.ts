import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import { registerGradients } from "../src/mend/gradients.ts";
import { register, unregister } from "../src/mend/register.ts";

/** Results of `compute` on tfjs's own kernels and gradients, which tfjs-core alone would not register, and on ours. */
export function stockAndOurs(compute: () => Tensor): readonly [stock: number[], ours: number[]] {
  const run = (): number[] => tf.tidy(() => [...compute().dataSync()]);
  unregister();
  const gradients = registerGradients(tf, {});
  const stock = run();
  gradients.undo();
  register(tf);
  return [stock, run()];
}
