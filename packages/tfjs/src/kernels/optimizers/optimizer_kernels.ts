import { memoryOf } from "@convoy/core/engine";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext, KernelFamily, TfjsKernel } from "../kernel_context.ts";

export interface AdamAttributes {
  readonly beta1: number;
  readonly beta2: number;
  /** 1 - β₁ᵗ and 1 - β₂ᵗ. */
  readonly correction1: number;
  readonly correction2: number;
  readonly epsilon: number;
  readonly learningRate: number;
}

export interface RmsPropAttributes {
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly learningRate: number;
}

/** New vectors for the value and its moments, and the address of the struct of `assembly/tfjs/optimizers.ts`. */
function begin(
  context: KernelContext,
  gradient: TensorInfo,
  old: readonly TensorInfo[],
): { step: number; count: number; results: TensorInfo[] } {
  const results = old.map(({ shape }) => context.output(shape));
  const step = context.scratch(36);
  const words = new Uint32Array(memoryOf(context.backend).buffer, step, 9).fill(0);
  words[0] = context.address(gradient);
  for (let i = 0; i < old.length; i++) {
    words[1 + i * 2] = context.address(old[i]);
    words[2 + i * 2] = context.address(results[i]);
  }
  return { step, count: context.tf.util.sizeFromShape(gradient.shape), results };
}

const adamUpdate: TfjsKernel = (context, { gradient, value, first, second }, attributes) => {
  const { beta1, beta2, correction1, correction2, epsilon, learningRate } = attributes as unknown as AdamAttributes;
  const { step, count, results } = begin(context, gradient, [value, first, second]);
  context.kernels.adamStep(
    step,
    count,
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    correction1,
    correction2,
    epsilon,
    learningRate,
  );
  return results;
};

/** Centred when there is a mean gradient. */
const rmsPropUpdate: TfjsKernel = (context, inputs, attributes) => {
  const { gradient, value, meanSquare, moment } = inputs;
  const meanGradient = inputs["meanGradient"] as TensorInfo | undefined;
  const { decay, momentum, epsilon, learningRate } = attributes as unknown as RmsPropAttributes;
  const old = meanGradient ? [value, meanSquare, moment, meanGradient] : [value, meanSquare, moment];
  const { step, count, results } = begin(context, gradient, old);
  const centred = meanGradient ? 1 : 0;
  context.kernels.rmsPropStep(step, count, decay, 1 - decay, momentum, epsilon, learningRate, centred);
  return results;
};

/** One variable's step: kernels of ours alone, which `src/mend/optimizers/` calls. → the new value and moments. */
export const optimizerKernels: KernelFamily = { AdamUpdate: adamUpdate, RMSPropUpdate: rmsPropUpdate };
