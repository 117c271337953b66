import type { GradConfig } from "@tensorflow/tfjs-core";
import * as stockGradients from "../../generated/tfjs_gradients.js";
import type { TensorFlow } from "../backend/wasm_backend.ts";

/** A gradient of ours, for an operation whose gradient in tfjs is wrong or refused; made for one tfjs-core. */
export type Gradient = (tf: TensorFlow) => Omit<GradConfig, "kernelName">;

/**
 * Registers tfjs's own gradients where they are missing (in Node, tfjs-core has none; tfjs-layers brings them), and ours
 * in place of those that are wrong.
 *
 * @returns what takes it back
 */
export function registerGradients(tf: TensorFlow, mended: Readonly<Record<string, Gradient>>): () => void {
  const undo: (() => void)[] = [];
  const put = (config: GradConfig): void => {
    const { kernelName } = config;
    const existing: GradConfig | undefined = tf.getGradient(kernelName);
    replaceGradient(tf, kernelName, config);
    undo.push(() => replaceGradient(tf, kernelName, existing));
  };
  for (const config of Object.values<GradConfig>(stockGradients)) {
    if ((tf.getGradient(config.kernelName) as GradConfig | undefined) === undefined) put(config);
  }
  for (const [kernelName, gradient] of Object.entries(mended)) put({ kernelName, ...gradient(tf) });
  return () => {
    for (const step of undo.toReversed()) step();
  };
}

/**
 * Puts a gradient of ours back if somebody registered another one since: tfjs-layers does, when it is imported. The
 * engine looks a gradient up only after it ran the operation's kernel, so it is enough that the kernel calls this.
 */
export function gradientKeeper(tf: TensorFlow, kernelName: string, gradient: Gradient): () => void {
  const config = { kernelName, ...gradient(tf) };
  return () => {
    const { gradFunc } = tf.getGradient(kernelName);
    if (gradFunc !== config.gradFunc) replaceGradient(tf, kernelName, config);
  };
}

function replaceGradient(tf: TensorFlow, kernelName: string, config: GradConfig | undefined): void {
  // Registering over a gradient would print a warning in debug mode.
  if ((tf.getGradient(kernelName) as GradConfig | undefined) !== undefined) tf.unregisterGradient(kernelName);
  if (config !== undefined) tf.registerGradient(config);
}
