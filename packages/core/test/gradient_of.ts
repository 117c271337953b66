import type { MinibatchPart, Replica } from "../src/engine/step/replica.ts";

/** One gradient, with the loss and the right answers behind it, of a replica that is not needed any more. */
export function gradientOf(replica: Replica, weights: Float32Array, part: MinibatchPart): Float32Array {
  const out = new Float32Array(replica.parameterCount + 2);
  replica.load(weights);
  replica.gradient(part, out);
  replica.dispose();
  return out;
}
