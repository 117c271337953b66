import { memoryOf } from "@convoy/core/engine";
import type { KernelFamily, TfjsKernel } from "../kernel_context.ts";

function each(f: (x: number) => number): TfjsKernel {
  return (context, inputs, attributes, stock) => {
    const { x } = inputs;
    if (x.dtype !== "float32") return stock(inputs, attributes);
    const y = context.output(x.shape);
    const count = context.tf.util.sizeFromShape(x.shape);
    const { buffer } = memoryOf(context.backend);
    const from = new Float32Array(buffer, context.address(x), count);
    const to = new Float32Array(buffer, context.address(y), count);
    for (let i = 0; i < count; i++) to[i] = f(from[i]);
    return y;
  };
}

/**
 * y = sin x, y = cos x, by JavaScript's own. Shape: any.
 *
 * The stock kernels are off by 3e-7 everywhere, which near a zero is all of the result: sin 1e-7 is -3e-7 there. They
 * are slower, too.
 */
export const trigonometryKernels: KernelFamily = { Cos: each(Math.cos), Sin: each(Math.sin) };
