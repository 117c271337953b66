import type { GradConfig } from "@tensorflow/tfjs-core";
import { tfjsGradients } from "../../generated/tfjs_gradients.js";
import type { TensorFlow } from "@convoy/core/engine";

/** A gradient of ours, for an operation whose gradient in tfjs is wrong or refused; made for one tfjs-core. */
export type Gradient = (tf: TensorFlow) => Omit<GradConfig, "kernelName">;

export interface RegisteredGradients {
  /**
   * Puts a mended gradient back if somebody registered another one since: tfjs-layers does, when it is imported. The
   * engine looks a gradient up only after it ran the operation's kernel, so it is enough that the kernel calls this.
   */
  readonly keep: Readonly<Record<string, () => void>>;
  readonly undo: () => void;
}

/**
 * Registers tfjs's own gradients where they are missing (in Node, tfjs-core has none; tfjs-layers brings them), and ours
 * in place of those that are wrong.
 */
export function registerGradients(tf: TensorFlow, mended: Readonly<Record<string, Gradient>>): RegisteredGradients {
  const missing = Object.values(tfjsGradients()).filter(
    ({ kernelName }) => (tf.getGradient(kernelName) as GradConfig | undefined) === undefined,
  );
  const stock = missing.map((config) => placeGradient(tf, config));
  const ours = Object.entries(mended).map(([kernelName, gradient]): [string, PlacedGradient] => [
    kernelName,
    placeGradient(tf, { kernelName, ...gradient(tf) }),
  ]);
  return {
    keep: Object.fromEntries(ours.map(([kernelName, { keep }]) => [kernelName, keep])),
    undo() {
      // Ours lie above tfjs's.
      for (const [, gradient] of ours) gradient.undo();
      for (const gradient of stock) gradient.undo();
    },
  };
}

interface PlacedGradient {
  readonly keep: () => void;
  readonly undo: () => void;
}

function placeGradient(tf: TensorFlow, config: GradConfig): PlacedGradient {
  const { kernelName } = config;
  const registered = (): GradConfig | undefined => tf.getGradient(kernelName);
  let below = registered();
  replace(config);
  return {
    keep() {
      if (registered() === config) return;
      below = registered();
      replace(config);
    },
    undo() {
      // What others registered since is theirs.
      if (registered() === config) replace(below);
    },
  };

  function replace(gradient: GradConfig | undefined): void {
    // Registering over a gradient would print a warning in debug mode.
    if (registered() !== undefined) tf.unregisterGradient(kernelName);
    if (gradient !== undefined) tf.registerGradient(gradient);
  }
}
