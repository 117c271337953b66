import type { TensorFlow } from "@convoy/core/engine";

/**
 * Whether a gradient may be computed by a kernel of ours that has no gradient itself: on backend 'wasm', and when nobody
 * differentiates the gradient in turn.
 */
export function onlyOnce(tf: TensorFlow): boolean {
  const engine = tf.engine() as unknown as { isTapeOn(): boolean };
  return tf.getBackend() === "wasm" && !engine.isTapeOn();
}
